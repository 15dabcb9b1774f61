package dev.m1.bench.medical;

import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/**
 * How a question becomes the text of the user's turn, as the original writes it: prefix, question, options as
 * {@code A. text}, instruction, each on lines of its own.
 *
 * @param prefix before the question; null for none
 * @param instruction after the options; null for none
 */
public record MedicalPrompt(String prefix, String instruction) {
    private static final String BOXED = "Return your final response within \\boxed{}.";

    /** The prompt of m1's models and of the plain baselines. */
    public static final MedicalPrompt M1 = new MedicalPrompt(null, BOXED);

    /** The chain-of-thought baseline's. */
    public static final MedicalPrompt COT = new MedicalPrompt(null, "Let's think step by step. " + BOXED);

    /** The same with a text before the question. */
    public MedicalPrompt withPrefix(String text) {
        return new MedicalPrompt(Objects.requireNonNull(text, "text"), instruction);
    }

    /** The same with another text after the options. */
    public MedicalPrompt withInstruction(String text) {
        return new MedicalPrompt(prefix, Objects.requireNonNull(text, "text"));
    }

    /** The user's turn for an item. */
    public String render(MedicalItem item) {
        StringBuilder turn = new StringBuilder();
        if (prefix != null) {
            turn.append(prefix).append('\n');
        }
        turn.append(item.question()).append('\n').append(options(item.options()));
        if (instruction != null) {
            turn.append('\n').append(instruction);
        }
        return turn.toString();
    }

    static String options(Map<String, String> options) {
        return options.entrySet().stream()
                .map(option -> option.getKey() + ". " + option.getValue())
                .collect(Collectors.joining("\n"));
    }
}
