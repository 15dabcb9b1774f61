package dev.m1.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ScoreCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String REST =
            "\"options\": {\"A\": \"Oxygen\", \"B\": \"Zinc\"}, \"answer_idx\": \"B\", \"answer\": \"Zinc\"}\n";

    @TempDir
    private Path folder;

    @Test
    void aLineForEachAnswer() throws IOException {
        Path file = write("{\"text\": \"\\\\boxed{B}\", " + REST + "{\"text\": \"The answer is Beryllium\", " + REST);
        CliRun run = CliRun.of("score", "--file", file.toString(), "--json");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).isEqualTo("""
                {"m1":{"extracted":"B","rule":"letter","letter":"B","correct":true},\
                "strict":{"letter":"B","correct":true,"parsed":true}}
                {"m1":{"extracted":"The answer is Beryllium","rule":"match","matcher":"answer_is","letter":"B",\
                "correct":true},"strict":{"letter":null,"correct":false,"parsed":false}}
                """);
    }

    @Test
    void aSummaryForPeople() throws IOException {
        Path file = write("{\"text\": \"\\\\boxed{B}\", " + REST + "{\"text\": \"The answer is Beryllium\", " + REST
                + "{\"text\": \"\\\\boxed{A}\", " + REST);
        CliRun run = CliRun.of("score", "--file", file.toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out())
                .contains("3 answers", "m1 scorer:     2 right, 66.7 %", "strict scorer: 1 right, 33.3 %")
                .contains("1 parse failures (33.3 %)", "same verdict 66.7 %", "right for m1 only 1", "answer_is 1");
        assertThat(CliRun.of("score", "--file", write("").toString()).out()).isEqualTo("0 answers\n");
    }

    @Test
    void aBadLineIsNamedInOneLine() throws IOException {
        Path file = write("{\"text\": \"B\", " + REST + "{\"text\": \"B\", \"options\": {}, \"answer_idx\": \"A\"}\n");
        for (String[] args : List.of(
                new String[] {"score", "--file", file.toString(), "--json"},
                new String[] {"score", "--file", file.toString()})) {
            CliRun run = CliRun.of(args);
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err().lines())
                    .singleElement()
                    .asString()
                    .startsWith("m1 score: ")
                    .contains("answers.jsonl, line 2: no options");
        }
        CliRun none = CliRun.of("score", "--file", folder.resolve("none.jsonl").toString());
        assertThat(none.status()).isEqualTo(1);
        assertThat(none.err().lines()).singleElement().asString().contains("no file ");
        assertThat(CliRun.of("score").status()).isEqualTo(2);
    }

    /** Real answers and edge cases, with what the original's own code returned for them. */
    @Test
    void scoresAsTheOriginal() throws IOException {
        Path goldens = SharedData.require("data/goldens/answer_goldens.jsonl.gz");
        CliRun run = CliRun.of("score", "--file", goldens.toString(), "--json");
        assertThat(run.status()).as(run.err()).isZero();
        List<String> scored = run.out().lines().toList();
        try (BufferedReader in = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(goldens)), StandardCharsets.UTF_8))) {
            List<String> records = in.lines().toList();
            assertThat(scored).hasSameSizeAs(records).hasSizeGreaterThan(300);
            for (int i = 0; i < records.size(); i++) {
                JsonNode original = JSON.readTree(records.get(i));
                JsonNode ours = JSON.readTree(scored.get(i)).get("m1");
                String letter = original.get("match_on_extracted").isNull() ? "answer_idx" : "match_on_extracted";
                assertThat(ours.get("extracted")).as("line %d", i + 1).isEqualTo(original.get("extracted_answer"));
                assertThat(ours.get("rule")).as("line %d", i + 1).isEqualTo(original.get("rule"));
                assertThat(ours.get("letter")).as("line %d", i + 1).isEqualTo(original.get(letter));
                assertThat(ours.get("correct")).as("line %d", i + 1).isEqualTo(original.get("correct"));
            }
        }
    }

    private Path write(String content) throws IOException {
        return Files.writeString(folder.resolve("answers.jsonl"), content);
    }
}
