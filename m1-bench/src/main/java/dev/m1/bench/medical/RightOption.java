package dev.m1.bench.medical;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/**
 * Which option a file says is right. Letter: {@code answer_idx} or {@code label}, as a letter or as a place from 0.
 * Text: {@code answer}, which must then agree with the letter. {@code answer} or {@code label} alone may be either; one
 * that is an option's text and another option's letter is refused rather than guessed.
 */
final class RightOption {
    private RightOption() {}

    static String letter(JsonNode object, Map<String, String> options) throws ItemReader.Refusal {
        JsonNode index = object.hasNonNull("answer_idx") ? object.get("answer_idx") : object.get("label");
        JsonNode answer = object.get("answer");
        boolean hasIndex = index != null && !index.isNull();
        boolean hasAnswer = answer != null && !answer.isNull();
        if (!hasIndex && !hasAnswer) {
            throw new ItemReader.Refusal(ItemProblem.NO_ANSWER, "none of the fields answer_idx, label, answer");
        }
        List<String> byIndex = hasIndex ? meant(index, options) : List.of();
        List<String> byAnswer = hasAnswer ? meant(answer, options) : List.of();
        if ((hasIndex && byIndex.isEmpty()) || (hasAnswer && byAnswer.isEmpty())) {
            String said = hasIndex && byIndex.isEmpty() ? index.toString() : answer.toString();
            throw new ItemReader.Refusal(
                    ItemProblem.NOT_AN_OPTION, "answer " + shortened(said) + ", options " + options.keySet());
        }
        List<String> both = !hasAnswer
                ? byIndex
                : !hasIndex ? byAnswer : byIndex.stream().filter(byAnswer::contains).toList();
        if (both.isEmpty()) {
            throw new ItemReader.Refusal(
                    ItemProblem.CONTRADICTION, "letter " + byIndex + ", but the answer's text is option " + byAnswer);
        }
        if (both.size() > 1) {
            throw new ItemReader.Refusal(ItemProblem.CONTRADICTION, "the answer may be any of the options " + both);
        }
        return both.getFirst();
    }

    /** Letters of the options that a value may mean. */
    private static List<String> meant(JsonNode value, Map<String, String> options) {
        List<String> letters = List.copyOf(options.keySet());
        if (value.isIntegralNumber()) {
            return value.canConvertToInt() && value.intValue() >= 0 && value.intValue() < letters.size()
                    ? List.of(letters.get(value.intValue()))
                    : List.of();
        }
        if (!value.isTextual()) {
            throw new IllegalArgumentException("the answer is neither a string nor a whole number");
        }
        String said = value.textValue().strip();
        return letters.stream()
                .filter(letter -> letter.equals(said) || options.get(letter).strip().equals(said))
                .toList();
    }

    private static String shortened(String said) {
        return said.length() <= 60 ? said : said.substring(0, said.offsetByCodePoints(0, 50)) + "…";
    }
}
