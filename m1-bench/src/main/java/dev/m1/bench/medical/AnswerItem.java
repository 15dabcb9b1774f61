package dev.m1.bench.medical;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * One answer to be scored.
 *
 * @param text what the model answered, thinking left out
 * @param options letter to text, in the order of the question
 * @param answerIdx letter of the right option
 * @param answer text of the right option
 */
public record AnswerItem(String text, Map<String, String> options, String answerIdx, String answer) {
    /**
     * @throws IllegalArgumentException if there is no option or the right letter is none of them
     */
    public AnswerItem {
        Objects.requireNonNull(text, "text");
        Objects.requireNonNull(answer, "answer");
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
        if (options.isEmpty()) {
            throw new IllegalArgumentException("no options");
        }
        options.forEach((letter, option) -> {
            Objects.requireNonNull(letter, "option letter");
            Objects.requireNonNull(option, "option text");
        });
        if (!options.containsKey(answerIdx)) {
            throw new IllegalArgumentException(
                    "the right letter is " + answerIdx + ", the options are " + options.keySet());
        }
    }
}
