package dev.m1.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.bench.runner.ResultsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PeerSamplesTest {
    /** The fields of llama-bench that count, among others that it prints. */
    private static final String PROMPT_TEST = """
        {"build_commit": "abc", "cpu_info": "some", "n_threads": 2, "n_prompt": 256, "n_gen": 0, "n_depth": 0,
         "avg_ns": 2000000000, "stddev_ns": 5, "avg_ts": 128.0, "stddev_ts": 0.5, "samples_ts": [127.5, 128.5]}\
        """;

    private static final String GENERATION_TEST = """
        {"n_prompt": 0, "n_gen": 64, "n_depth": 256, "avg_ts": 16.25, "samples_ts": [16, 16.5]}\
        """;

    @TempDir
    Path folder;

    @Test
    void llamaBenchPrintsAPromptAndAGeneration() {
        PeerSample s = LlamaBenchOutput.parse("[" + PROMPT_TEST + "," + GENERATION_TEST + "]", "llama-bench", 3);
        assertThat(s).isEqualTo(new PeerSample("llama-bench", 3, 256, 2.0, 64, 16.25));
        assertThat(s.promptTokensPerSecond()).isEqualTo(128);
    }

    @Test
    void llamaBenchWithoutOneOfThemIsRefused() {
        for (String json : List.of(
                "",
                "[",
                "[]",
                "{}",
                "[" + PROMPT_TEST + "]",
                "[" + GENERATION_TEST + "]",
                "[" + PROMPT_TEST + "," + GENERATION_TEST.replace("16.25", "0") + "]")) {
            assertThatThrownBy(() -> LlamaBenchOutput.parse(json, "llama-bench", 1))
                    .as(json)
                    .isInstanceOf(ResultsException.class)
                    .hasMessageContaining("llama-bench");
        }
    }

    @Test
    void filesSayWhoAndWhen() throws IOException {
        Files.writeString(folder.resolve("b-1.2.jsonl.log"), "no sample");
        Files.writeString(
                folder.resolve("jlama-0.8.4.2.jsonl"),
                "a banner\n{\"promptTokens\": 8, \"promptSeconds\": 2, \"newTokens\": 4,"
                        + " \"decodeTokensPerSecond\": 1.5}\n");
        Files.writeString(
                folder.resolve("llama-bench.1.llama-bench.json"), "[" + PROMPT_TEST + "," + GENERATION_TEST + "]");
        assertThat(PeerSamples.read(folder))
                .containsExactly(
                        new PeerSample("llama-bench", 1, 256, 2, 64, 16.25),
                        new PeerSample("jlama-0.8.4", 2, 8, 2, 4, 1.5));
    }

    @Test
    void aLineThatIsNoSampleIsNamed() {
        for (String line : List.of("{", "{}", "{\"promptTokens\": 1, \"promptSeconds\": 0}")) {
            assertThatThrownBy(() -> PeerSamples.parse(line, "some engine", 1))
                    .as(line)
                    .isInstanceOf(ResultsException.class)
                    .hasMessageContaining("some engine")
                    .hasMessageContaining(line);
        }
    }

    @Test
    void theTableRelatesMediansToM1() {
        String table = PeerTable.of(
                List.of(
                        new PeerSample("m1", 1, 100, 2, 10, 20),
                        new PeerSample("other", 1, 100, 1, 10, 10),
                        new PeerSample("m1", 2, 100, 1, 10, 22),
                        new PeerSample("m1", 3, 100, 4, 10, 18)),
                List.of("third (gone)"));
        assertThat(table.lines().map(line -> line.replaceAll(" +", " ")))
                .containsSubsequence(
                        "m1 100 50.0 25.0–100.0 1.00 10 20.0 18.0–22.0 1.00 3",
                        "other 100 100.0 100.0–100.0 2.00 10 10.0 10.0–10.0 0.50 1",
                        "absent: third (gone)");
    }
}
