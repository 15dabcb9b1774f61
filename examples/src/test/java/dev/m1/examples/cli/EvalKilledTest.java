package dev.m1.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A run of a process of its own, killed without notice in the middle, and gone on with. */
class EvalKilledTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String[] SETTINGS = {
        "--budgets", "0,90", "--max-answer-tokens", "30", "--limit", "8", "--concurrency", "2"
    };

    @TempDir
    private Path folder;

    @Test
    void losesNothingThatWasOnTheDisk() throws Exception {
        Path killed = folder.resolve("killed");
        Map<String, JsonNode> kept = killAfter(killed, 2);
        kept = killAfter(killed, kept.size() + 2);
        CliRun rest = CliRun.of(ExamRun.arguments(killed, SETTINGS));
        assertThat(rest.status()).as(rest.err()).isZero();
        assertThat(rest.err()).contains("going on behind");
        Map<String, JsonNode> finished = results(killed);
        assertThat(finished).hasSize(8).containsAllEntriesOf(kept);

        Path whole = folder.resolve("whole");
        assertThat(CliRun.of(ExamRun.arguments(whole, SETTINGS)).status()).isZero();
        assertThat(finished).isEqualTo(results(whole));
    }

    /** Starts the run, kills it when so many questions are on the disk, and returns those that are there then. */
    private Map<String, JsonNode> killAfter(Path out, int questions) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Main.class.getName()));
        command.addAll(List.of(ExamRun.arguments(out, SETTINGS)));
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            while (results(out).size() < questions) {
                assertThat(process.isAlive()).as(() -> "ended early: " + read(log)).isTrue();
                Thread.sleep(2);
            }
        } finally {
            process.destroyForcibly(); // SIGKILL
        }
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as("the run was over before it was killed").isNotZero();
        return results(out);
    }

    private static String read(Path log) {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** Results by question, whole lines only, without what differs from run to run. */
    private static Map<String, JsonNode> results(Path out) throws IOException {
        Map<String, JsonNode> results = new TreeMap<>();
        Path file = out.resolve("run.jsonl");
        if (!Files.exists(file)) {
            return results;
        }
        String text = Files.readString(file);
        for (String line : text.substring(0, text.lastIndexOf('\n') + 1).lines().toList()) {
            ObjectNode node = (ObjectNode) JSON.readTree(line);
            if (node.has("id")) {
                node.remove(List.of("seconds", "fedTokens"));
                assertThat(results.put(node.get("id").asText(), node)).as("asked twice").isNull();
            }
        }
        return results;
    }
}
