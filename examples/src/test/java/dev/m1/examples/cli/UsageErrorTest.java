package dev.m1.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is wrong with the arguments: status 2, nothing on standard output, one line that names it. */
class UsageErrorTest {
    static Stream<Arguments> wrong() {
        return Stream.of(
                arguments("a command is missing"),
                arguments("'sing'", "sing"),
                arguments("--sing", "--sing"),
                arguments("--model", "ask", "question"),
                arguments("QUESTION", "ask", "--model", "m"),
                arguments("the question is empty", "ask", "--model", "m", " "),
                arguments("got -1", "ask", "--model", "m", "--budget", "-1", "q"),
                arguments("got -2", "ask", "--model", "m", "--waits", "-2", "q"),
                arguments("--max-answer-tokens must be >=", "ask", "--model", "m", "--max-answer-tokens", "0", "q"),
                arguments("'many' is not an int", "ask", "--model", "m", "--budget", "many", "q"),
                arguments("--temperature must be", "ask", "--model", "m", "--temperature", "-1", "q"),
                arguments("--top-p must be", "ask", "--model", "m", "--top-p", "1.5", "q"),
                arguments("'T5'", "ask", "--model", "m", "--protocol", "T5", "q"),
                arguments("--threads must be", "ask", "--model", "m", "--threads", "-1", "q"),
                arguments("--weights", "ask", "--model", "m", "--weights", "q3", "q"),
                arguments("'more'", "ask", "--model", "m", "q", "more"),
                arguments("--ids", "generate", "--model", "m"),
                arguments("--prompt", "generate", "--model", "m", "--ids", "1", "--prompt", "x"),
                arguments("'a'", "generate", "--model", "m", "--ids", "1,a"),
                arguments("''", "generate", "--model", "m", "--ids", "1,,2"),
                arguments("--max-new-tokens must", "generate", "--model", "m", "--ids", "1", "--max-new-tokens", "0"),
                arguments("--out", "eval", "--model", "m", "--data", "d"),
                arguments("--model", "eval", "--out", "o", "--data", "d"),
                arguments("--data", "eval", "--out", "o", "--model", "m"),
                arguments("got -1", "eval", "--out", "o", "--model", "m", "--data", "d", "--budgets", "1,-1"),
                arguments("got -3", "eval", "--out", "o", "--model", "m", "--data", "d", "--waits", "-3"),
                arguments("got 0", "eval", "--out", "o", "--model", "m", "--data", "d", "--limit", "0"),
                arguments("got 0", "eval", "--out", "o", "--model", "m", "--data", "d", "--concurrency", "0"),
                arguments("got 0", "eval", "--out", "o", "--model", "m", "--data", "d", "--max-answer-tokens", "0"),
                arguments("'haiku'", "eval", "--out", "o", "--model", "m", "--data", "d", "--prompt", "haiku"),
                arguments("'T5'", "eval", "--out", "o", "--model", "m", "--data", "d", "--protocol", "T5"),
                arguments("got -1", "eval", "--out", "o", "--report-only", "--cases", "-1"),
                arguments("--context must be", "ask", "--model", "m", "--context", "-1", "q"),
                arguments("--model", "generate", "--ids", "1"),
                arguments("--model", "vote"),
                arguments("exclude each other", "ask", "--model", "m", "--exam", "1", "q"),
                arguments("--demo", "sweep", "--model", "m", "--limit", "3", "q"),
                arguments("--demo", "sweep", "--model", "m", "--demo"),
                arguments("no --model, QUESTION", "sweep", "--demo", "q"),
                arguments("--limit must be >= 1", "sweep", "--demo", "--limit", "0"),
                arguments("examples/m1", "sweep", "--demo"),
                arguments("--model", "info", "--threads", "2"),
                arguments("'sets'", "bench", "--set", "sets"),
                arguments("got -1", "bench", "--threads", "-1"),
                arguments("'('", "bench", "--only", "("),
                arguments("AFTER", "bench", "compare", "before.json"));
    }

    private static Arguments arguments(String named, String... args) {
        return Arguments.of(named, List.of(args));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void isNamedInOneLine(String named, List<String> args) {
        CliRun run = CliRun.of(args.toArray(String[]::new));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .startsWith("m1")
                .contains(named);
    }

    @Test
    void aMissingModelIsAFailureThatNamesTheFolder(@TempDir Path folder) {
        Path missing = folder.resolve("no such model");
        for (List<String> args : List.of(
                List.of("ask", "--model", missing.toString(), "question"),
                List.of("generate", "--model", missing.toString(), "--ids", "1"),
                List.of("info", "--model", missing.toString()))) {
            CliRun run = CliRun.of(args.toArray(String[]::new));
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.out()).isEmpty();
            assertThat(run.err().lines()).singleElement().asString().contains("no such model");
        }
    }

    @Test
    void whatTheCheckpointCannotDoIsSaidWithTheOptionsName() {
        CliRun run = CliRun.of(
                "info", "--model", CliRun.fixture("tiny-qwen2").toString(), "--context", "1000000");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err().lines()).singleElement().asString().startsWith("m1 info: --context 1000000 is above");
    }

    @Test
    void debugShowsTheStackTrace(@TempDir Path folder) {
        CliRun run = CliRun.of("info", "--debug", "--model", folder.toString());
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("\tat dev.m1.");
    }

    @Test
    void helpIsAResult() {
        for (String[] args : new String[][] {{"--help"}, {"ask", "--help"}, {"generate", "-h"}, {"info", "--help"}}) {
            CliRun run = CliRun.of(args);
            assertThat(run.status()).isZero();
            assertThat(run.out()).startsWith("Usage: m1");
            assertThat(run.err()).isEmpty();
        }
    }
}
