package dev.m1.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An evaluation end to end on trained weights: its accuracy is that of what transformers writes for the questions. */
class DemoEvalTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Path DEMO = Path.of("demo-checkpoints");
    private static final int QUESTIONS = 20; // that the goldens have

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"m1-demo-1k", "m1-demo-23k"})
    void scoresWhatTransformersAnswers(String name) throws IOException {
        CliRun run = CliRun.of(
                "eval",
                "--model=" + DEMO.resolve(name),
                "--data=" + DEMO.resolve("exam.json"),
                "--out=" + folder,
                "--budgets=0,800",
                "--waits=0,1",
                "--limit=" + QUESTIONS,
                "--json");
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode cells = JSON.readTree(run.out()).get("cells");
        assertThat(cells).hasSize(4);
        JsonNode longest = cells.get(1);
        assertThat(longest.get("budget").asInt()).isEqualTo(800);
        assertThat(longest.get("waits").asInt()).isZero();
        assertThat(longest.at("/strict/n").asInt()).isEqualTo(QUESTIONS);
        assertThat(longest.at("/strict/right").asInt()).isEqualTo(rightByTransformers(name));
        assertThat(Files.readString(folder.resolve("report.html"))).contains(name, "</html>");
        List<String> lines = Files.readAllLines(folder.resolve("run.jsonl"));
        assertThat(lines).hasSizeGreaterThan(QUESTIONS);
    }

    /** Golden texts that end with the right letter in a box. */
    private static int rightByTransformers(String name) throws IOException {
        JsonNode golden = JSON.readTree(DEMO.resolve(name).resolve("golden.json").toFile());
        JsonNode questions =
                JSON.readTree(DEMO.resolve("exam.json").toFile()).get("m1-demo");
        int right = 0;
        for (int i = 0; i < QUESTIONS; i++) {
            String letter = questions.get(i).get("answer_idx").asText();
            String text = golden.get("cases").get(i).get("text").asText();
            right += text.endsWith("\\boxed{" + letter + "}<|im_end|>") ? 1 : 0;
        }
        return right;
    }
}
