package dev.m1.bench.medical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Answers of a million characters, or a quarter of that, made to provoke backtracking, recursion and quadratic scans.
 * Each takes well below a second where time is linear; what is quadratic takes a thousand.
 */
class HostileTextTest {
    private static final int LENGTH = 1 << 20; // UTF-16 units

    static Stream<Arguments> texts() {
        return Stream.of(
                        "\\boxed{",
                        "\\boxed{}",
                        "\\boxed{ ",
                        "\\boxed{\\text{",
                        "\\boxed    ",
                        "\\fbox{=",
                        "{",
                        "}",
                        "answer is ",
                        "answer is",
                        "answer: ",
                        "Final Answer:",
                        "final ",
                        "final answer   ",
                        "answer **",
                        "**",
                        "\n",
                        " ",
                        "A ",
                        "(A",
                        "=",
                        "Σ",
                        "Σ.",
                        "'",
                        "İ",
                        "zinc sulfat",
                        "## Final Response\n\n",
                        "\ud83d\ude00",
                        "\ud83d",
                        "abcdefghijklmnopqrstuvwxyz")
                .map(unit -> Arguments.of(unit, unit.repeat(LENGTH / unit.length() + 1)));
    }

    @ParameterizedTest(name = "case {index}")
    @MethodSource("texts")
    void oneMegabyteDoesNotHang(String unit, String text) {
        String part = text.substring(0, LENGTH / 4);
        for (String hostile : List.of(text, "\\boxed{" + part, "\\boxed{\\text{" + part + "}}", "Answer:" + part)) {
            assertTimeoutPreemptively(Duration.ofSeconds(20), () -> {
                AnswerItem item = new AnswerItem(hostile, options(), "B", "Zinc sulfate of iron");
                assertThat(M1Scorer.score(item).rule()).isNotEqualTo(M1Rule.NONE);
                assertThat(StrictScorer.score(item).correct()).isFalse();
            });
        }
    }

    /** No character is popular here, so that nothing shortens the search for blocks. */
    @ParameterizedTest
    @MethodSource("alphabets")
    void similarityToALongText(int alphabet) {
        Random random = new Random(alphabet);
        int[] characters = random.ints(LENGTH, 0x4E00, 0x4E00 + alphabet).toArray();
        String text = new String(characters, 0, LENGTH);
        Map<String, String> options = new LinkedHashMap<>();
        for (int i = 0; i < 4; i++) {
            int[] option = random.ints(300, 0x4E00, 0x4E00 + alphabet).toArray();
            options.put(ItemFields.letter(i), new String(option, 0, option.length));
        }
        AnswerItem item = new AnswerItem(text, options, "B", options.get("B"));
        assertTimeoutPreemptively(
                Duration.ofSeconds(60),
                () -> assertThat(M1Scorer.score(item).rule()).isEqualTo(M1Rule.SIMILARITY));
    }

    static Stream<Integer> alphabets() {
        return Stream.of(105, 1000, 20000);
    }

    private static Map<String, String> options() {
        Map<String, String> options = new LinkedHashMap<>();
        options.put("A", "Oxygen");
        options.put("B", "Zinc sulfate of iron");
        options.put("C", "Watchful waiting");
        return options;
    }
}
