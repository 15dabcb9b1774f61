package dev.m1.bench.medical;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Cases worked out by hand from the definition in {@link StrictScorer}. */
class StrictScorerTest {
    private static final Map<String, String> OPTIONS =
            options("Oxygen", "Zinc sulfate", "Watchful waiting", "50% saline");

    static Stream<Arguments> stated() {
        return Stream.of(
                // Boxed letters.
                Arguments.of("\\boxed{B}", "B"),
                Arguments.of("\\boxed{b}", "B"),
                Arguments.of("\\boxed{ B }", "B"),
                Arguments.of("\\boxed {B}", "B"),
                Arguments.of("\\boxed{B.}", "B"),
                Arguments.of("\\boxed{(B)}", "B"),
                Arguments.of("\\boxed{[B]}", "B"),
                Arguments.of("\\boxed{B)}", "B"),
                Arguments.of("\\boxed{**B**}", "B"),
                Arguments.of("\\boxed{$B$}", "B"),
                Arguments.of("\\boxed{\\text{B}}", "B"),
                Arguments.of("\\boxed{\\text{B.}}", "B"),
                Arguments.of("\\boxed{\\mathbf{\\text{B}}}", "B"),
                Arguments.of("So $\\boxed{B}$.", "B"),
                // Boxed texts.
                Arguments.of("\\boxed{Zinc sulfate}", "B"),
                Arguments.of("\\boxed{zinc  SULFATE.}", "B"),
                Arguments.of("\\boxed{\\text{Zinc\nsulfate}}", "B"),
                Arguments.of("\\boxed{50\\% saline}", "D"),
                Arguments.of("\\boxed{B. Zinc sulfate}", "B"),
                Arguments.of("\\boxed{**B.** Zinc sulfate}", "B"),
                Arguments.of("\\boxed{B) zinc sulfate}", "B"),
                Arguments.of("\\boxed{B: Zinc sulfate}", "B"),
                Arguments.of("\\boxed{(B) Zinc sulfate}", "B"),
                Arguments.of("\\boxed{B. \\text{Zinc sulfate}}", "B"),
                // Several: the last decides.
                Arguments.of("\\boxed{A} or rather \\boxed{B}", "B"),
                Arguments.of("\\boxed{\\boxed{B}}", "B"),
                Arguments.of("\\boxed{A}. Final Answer: B", "B"),
                Arguments.of("Final Answer: A, that is \\boxed{B}", "B"),
                Arguments.of("Answer: A\nAnswer: B", "B"),
                Arguments.of("Final Answer: Answer: B", "B"),
                Arguments.of("\\boxed{B} as asked: \\boxed{}", "B"),
                Arguments.of("\\boxed{B} and then \\boxed{A", "B"),
                Arguments.of("} { \\boxed{B}", "B"),
                // Answer lines.
                Arguments.of("Final Answer: B", "B"),
                Arguments.of("<|im_start|>answer\nFinal Answer: B", "B"),
                Arguments.of("FINAL ANSWER : b", "B"),
                Arguments.of("Final Answer:\n\n  B\n\nBecause.", "B"),
                Arguments.of("**Final Answer:** B", "B"),
                Arguments.of("**Final Answer**: **B. Zinc sulfate**", "B"),
                Arguments.of("Final **Answer**: B", "B"),
                Arguments.of("### Answer: (B)", "B"),
                Arguments.of("It is not oxygen. Answer: Zinc sulfate.", "B"),
                Arguments.of("So the final answer: B", "B"),
                Arguments.of("Answer\uFF1AB", "B"),
                Arguments.of("Answer: B\r\nMore.", "B"),
                Arguments.of("Answer: B\nAnswer:", "B"));
    }

    static Stream<String> unstated() {
        return Stream.of(
                "",
                "B",
                "The answer is B.",
                "The answer is Zinc sulfate.",
                "B. Zinc sulfate",
                "\\boxed{}",
                "\\boxed{ }",
                "\\boxed B",
                "\\boxed{B",
                "\\fbox{B}",
                "\\boxed{E}",
                "\\boxed{A, B}",
                "\\boxed{A or B}",
                "\\boxed{\\text{A} and \\text{B}}",
                "\\boxed{Zinc}",
                "\\boxed{B. Oxygen}",
                "\\boxed{B. A zinc salt}",
                "\\boxed{x = B}",
                "\\boxed{Option B}",
                "\\boxed{B} … no: \\boxed{neither}",
                "\\boxed{Answer: B}",
                "Final Answer: The answer is B",
                "Final Answer: B because zinc helps",
                "Final Answer: \\boxed{}",
                "Final Answer: \\boxed{B",
                "Final Answer:",
                "Answer: A patient should rest",
                "The wrong answer: B",
                "the **wrong** answer: B",
                "Answers: B",
                "finalanswer: B");
    }

    @ParameterizedTest
    @MethodSource("stated")
    void readsStatement(String text, String letter) {
        assertThat(score(text, "B")).isEqualTo(new StrictScore(letter, letter.equals("B"), true));
        assertThat(score(text, "C")).isEqualTo(new StrictScore(letter, false, true));
    }

    @ParameterizedTest
    @MethodSource("unstated")
    void anythingElseIsAParseFailure(String text) {
        assertThat(score(text, "B")).isEqualTo(new StrictScore(null, false, false));
    }

    @Test
    void anAbbreviatedGenusIsNoLetter() {
        Map<String, String> germs = options("S. aureus", "E. coli", "C. difficile", "Yeast", "None");
        assertThat(score("\\boxed{E. coli}", germs, "B").letter()).isEqualTo("B");
        assertThat(score("\\boxed{E. coli O157}", germs, "B").parsed()).isFalse();
    }

    @Test
    void theLetterComesBeforeATextThatIsOne() {
        Map<String, String> groups = options("O", "A", "B", "a");
        assertThat(score("\\boxed{A}", groups, "B").letter()).isEqualTo("A");
        assertThat(score("\\boxed{a}", groups, "B").letter()).isEqualTo("D");
        assertThat(score("\\boxed{o}", groups, "B").letter()).isEqualTo("A");
    }

    @Test
    void textsThatDifferInCaseAloneMustBeSpelled() {
        Map<String, String> genotypes = options("AA", "Aa", "aa");
        assertThat(score("\\boxed{Aa}", genotypes, "B").correct()).isTrue();
        assertThat(score("\\boxed{aA}", genotypes, "B").parsed()).isFalse();
    }

    @Test
    void equalTextsAreTheRightOptionIfOneIs() {
        Map<String, String> twins = options("4.6", "5", "4.6");
        assertThat(score("\\boxed{4.6}", twins, "C").letter()).isEqualTo("C");
        assertThat(score("\\boxed{4.6}", twins, "B").letter()).isEqualTo("A");
    }

    @Test
    void optionsLoseTheSameTypography() {
        Map<String, String> formatted = options("**Rest**.", "\\text{Bed  rest}", "Ends with a stop.");
        assertThat(score("\\boxed{rest}", formatted, "A").letter()).isEqualTo("A");
        assertThat(score("Answer: Bed rest", formatted, "A").letter()).isEqualTo("B");
        assertThat(score("Answer: ends with a stop", formatted, "A").letter()).isEqualTo("C");
    }

    private static StrictScore score(String text, String right) {
        return score(text, OPTIONS, right);
    }

    private static StrictScore score(String text, Map<String, String> options, String right) {
        return StrictScorer.score(new AnswerItem(text, options, right, options.get(right)));
    }

    private static Map<String, String> options(String... texts) {
        Map<String, String> options = new LinkedHashMap<>();
        for (String text : List.of(texts)) {
            options.put(ItemFields.letter(options.size()), text);
        }
        return options;
    }
}
