package dev.m1.thinking;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Drives a controller as an engine would, with a function from the sequence so far to the next id in place of a model.
 */
final class ScriptedRun implements ThinkingEvents {
    static final String PROMPT = "<|im_start|>user\na<|im_end|>\n<|im_start|>assistant\n";
    private static final ToyVocabulary V = ToyVocabulary.INSTANCE;

    final StringBuilder thinking = new StringBuilder();
    final StringBuilder answer = new StringBuilder();
    final List<Integer> thinkingIds = new ArrayList<>();
    final List<String> log = new ArrayList<>();
    final List<int[]> forbidden = new ArrayList<>();
    final ThinkingController controller;
    final IntBuffer sequence = new IntBuffer();
    int fed;
    int sampled;
    ThinkingEnd end;
    FinishReason finish;
    private int pending;

    ScriptedRun(ThinkingProtocol protocol, ThinkingBudget budget, int maxAnswer) {
        controller = new ThinkingController(
                new ProtocolTokens(protocol, V), budget, maxAnswer, V.encode(PROMPT), PROMPT, this);
        int[] start = controller.start();
        sequence.addAll(start);
        pending = start.length;
    }

    /** A model that says these tokens one after another, whatever it is fed, and then {@code <|im_end|>} for ever. */
    static Function<int[], Integer> saying(String... tokens) {
        int[] at = {0};
        return ids -> V.id(at[0] < tokens.length ? tokens[at[0]++] : "<|im_end|>");
    }

    static ScriptedRun run(ThinkingProtocol protocol, ThinkingBudget budget, String... tokens) {
        return new ScriptedRun(protocol, budget, 1024).to(saying(tokens));
    }

    /** Runs to the end. */
    ScriptedRun to(Function<int[], Integer> model) {
        while (finish == null) {
            step(model);
        }
        return this;
    }

    /** Feeds what is pending and samples once. */
    void step(Function<int[], Integer> model) {
        fed += pending;
        pending = 0;
        int id = model.apply(sequence.toArray());
        sampled++;
        switch (controller.onToken(id)) {
            case Directive.Continue c -> {
                sequence.add(id);
                pending = 1;
            }
            case Directive.Inject inject -> {
                sequence.truncate(sequence.size() - inject.drop());
                sequence.addAll(inject.ids());
                pending = inject.ids().length;
                forbidden.add(inject.forbidden());
            }
            case Directive.Finish f -> finish = f.reason();
        }
    }

    /** What the sequence holds after the prompt. */
    String afterPrompt() {
        return V.decode(sequence.toArray(), false).substring(PROMPT.length());
    }

    int[] idsAfterPrompt() {
        int[] all = sequence.toArray();
        return Arrays.copyOfRange(all, V.encode(PROMPT).length, all.length);
    }

    @Override
    public void thinkingToken(int id) {
        thinkingIds.add(id);
        thinking.append(V.decode(new int[] {id}, true));
    }

    @Override
    public void waitAppended(int round, String text) {
        thinking.append(text);
        log.add("wait " + round + " '" + text + "'");
    }

    @Override
    public void thinkingEnded(ThinkingEnd reason) {
        end = reason;
        log.add("end " + reason);
    }

    @Override
    public void answerToken(int id) {
        answer.append(V.decode(new int[] {id}, true));
    }
}
