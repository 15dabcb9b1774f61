package dev.m1.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvalCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] SMALL = {
        "--budgets", "0,6", "--waits", "0,1", "--max-answer-tokens", "5", "--limit", "5", "--concurrency", "3"
    };

    @TempDir
    private Path folder;

    @Test
    void asksScoresReportsAndGoesOn() throws IOException {
        CliRun first = CliRun.of(ExamRun.arguments(folder, with("--json")));
        assertThat(first.status()).as(first.err()).isZero();
        assertThat(first.err()).contains("12 items read, 12 kept", "asking 5 questions", "5 of 5 questions");
        assertThat(first.out().lines()).hasSize(1);
        JsonNode result = JSON.readTree(first.out());
        assertThat(result.get("answered").asInt()).isEqualTo(5);
        assertThat(result.get("cells")).hasSize(4);
        assertThat(result.at("/cells/0/m1/sources")).hasSize(3);
        assertThat(Path.of(result.get("report").asText())).isRegularFile();
        byte[] run = Files.readAllBytes(folder.resolve("run.jsonl"));

        CliRun again = CliRun.of(ExamRun.arguments(folder, with("--json")));
        assertThat(again.err()).contains("all 5 questions are done");
        assertThat(again.out()).isEqualTo(first.out());
        assertThat(folder.resolve("run.jsonl")).hasBinaryContent(run);

        CliRun report = CliRun.of("eval", "--report-only", "--out", folder.toString(), "--cases", "0");
        assertThat(report.status()).as(report.err()).isZero();
        assertThat(report.out().lines()).hasSize(1 + 4 + 1);
        assertThat(Files.readString(folder.resolve("report.html"))).doesNotContain("bleeding gums");
        assertThat(folder.resolve("run.jsonl")).hasBinaryContent(run);
    }

    @Test
    void anotherSettingIsOneLineThatNamesBothValues() {
        assertThat(CliRun.of(ExamRun.arguments(folder, with())).status()).isZero();
        CliRun other = CliRun.of(ExamRun.arguments(folder, with("--suffix", "Answer:")));
        assertThat(other.status()).isEqualTo(1);
        assertThat(other.out()).isEmpty();
        assertThat(other.err().lines().toList().getLast())
                .startsWith("m1 eval: ")
                .contains("prompt.suffix was \"Return your final", "is now \"Answer:\"");
    }

    @Test
    void promptProtocolAndSourcesAreRecorded() throws IOException {
        CliRun run = CliRun.of(ExamRun.arguments(
                folder, with("--prompt", "cot", "--protocol", "s1", "--sources", "Vitamins", "--shuffle-seed", "7")));
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode settings = JSON.readTree(Files.readAllLines(folder.resolve("run.jsonl")).getFirst()).get("settings");
        assertThat(settings.at("/prompt/suffix").asText()).startsWith("Let's think step by step.");
        assertThat(settings.at("/protocol/name").asText()).isEqualTo("S1");
        assertThat(settings.at("/questions/asked").toString()).isEqualTo("{\"Vitamins\":5}");
        assertThat(settings.at("/questions/shuffleSeed").asLong()).isEqualTo(7);
    }

    @Test
    void whatIsMissingIsNamed() throws IOException {
        CliRun noData = CliRun.of(
                "eval", "--model", ExamRun.MODEL.toString(), "--data", "none.json", "--out", folder.toString());
        assertThat(noData.status()).isEqualTo(1);
        assertThat(noData.err().lines()).singleElement().asString().contains("no file none.json");
        CliRun noRun = CliRun.of("eval", "--report-only", "--out", folder.toString());
        assertThat(noRun.status()).isEqualTo(1);
        assertThat(noRun.err().lines()).singleElement().asString().contains("no run in");
        CliRun noSource = CliRun.of(ExamRun.arguments(folder, "--sources", "Law"));
        assertThat(noSource.status()).isEqualTo(1);
        assertThat(noSource.err()).contains("no source [Law]");
        assertThat(folder.resolve("run.jsonl")).doesNotExist();
    }

    @Test
    void aTerminalGetsABar() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        EvalProgress progress = new EvalProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8), true);
        progress.started(8, 2);
        progress.answered(3, 8, 0);
        progress.answered(8, 8, 1);
        progress.ended();
        assertThat(bytes.toString(StandardCharsets.UTF_8)).contains("questions", "100%", "8/8", "1 failed");
        assertThat(EvalProgress.time(40)).isEqualTo("40 s");
        assertThat(EvalProgress.time(720)).isEqualTo("12 min");
        assertThat(EvalProgress.time(11_100)).isEqualTo("3 h 05 min");
    }

    private static String[] with(String... more) {
        String[] all = new String[SMALL.length + more.length];
        System.arraycopy(SMALL, 0, all, 0, SMALL.length);
        System.arraycopy(more, 0, all, SMALL.length, more.length);
        return all;
    }
}
