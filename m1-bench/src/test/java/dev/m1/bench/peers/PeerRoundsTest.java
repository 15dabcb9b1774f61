package dev.m1.bench.peers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.bench.runner.Machine;
import dev.m1.bench.runner.ResultsException;
import dev.m1.bench.runner.Spread;
import dev.m1.bench.synthetic.SyntheticCheckpoint;
import dev.m1.bench.synthetic.SyntheticShape;
import dev.m1.tokenizer.Tokenizer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rounds of engines that are processes of their own, as the real ones are. */
class PeerRoundsTest {
    @TempDir
    Path folder;

    private PeerEngine engine(String name, boolean everyPrompt, int turns, double speed) {
        return new PeerEngine(
                name,
                "1.0",
                "bf16",
                everyPrompt,
                List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        FakePeer.class.getName(),
                        name,
                        folder.resolve("log").toString(),
                        Integer.toString(turns),
                        Double.toString(speed)));
    }

    private PeerRounds rounds(PeerResults.Settings settings) throws IOException {
        SyntheticCheckpoint.write(SyntheticShape.TINY, folder, 1);
        PrintStream progress = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return new PeerRounds(settings, folder, Tokenizer.load(folder), progress);
    }

    @Test
    void enginesTakeTurnsAndEveryRepetitionHasAnotherPrompt() throws Exception {
        PeerResults.Settings settings = new PeerResults.Settings("tiny", List.of(6, 9), 4, 1, 1, 2);
        PeerRounds rounds = rounds(settings);
        List<PeerResults.Engine> all = rounds.run(List.of(
                engine("a", true, 9, 10),
                engine("b", false, 9, 20),
                engine("broken", true, 2, 30),
                new PeerEngine("gone", "", "bf16", true, List.of(folder.resolve("nothing").toString()))));

        List<String> log = Files.readAllLines(folder.resolve("log"));
        assertThat(log.stream().map(line -> line.substring(0, line.indexOf(':'))))
                .containsExactly("a", "b", "broken", "a", "b", "broken", "a", "a", "b", "a");
        assertThat(log).as("prompts").doesNotHaveDuplicates();
        List<String> a = log.stream().filter(line -> line.startsWith("a:")).toList();
        assertThat(a.stream().map(line -> line.split(" ").length - 1)).containsExactly(6, 6, 9, 6, 9);

        assertThat(all).extracting(PeerResults.Engine::name).containsExactly("a", "b");
        assertThat(all.get(0).ready()).isEqualTo("a's device");
        assertThat(all.get(0).warmup()).hasSize(1);
        assertThat(all.get(0).samples())
                .containsExactly(
                        new PeerSample(1, 6, 6, 12, 4, 10),
                        new PeerSample(1, 9, 9, 18, 4, 10),
                        new PeerSample(2, 6, 6, 12, 4, 10),
                        new PeerSample(2, 9, 9, 18, 4, 10));
        assertThat(all.get(1).samples()).extracting(PeerSample::prompt).containsExactly(6, 6);
        assertThat(all.get(1).summaries().get(0).decodeOfFirst()).isEqualTo(new Spread("", 2, 2, 2, 2));
        assertThat(rounds.absent()).hasSize(2);
        assertThat(rounds.absent().get(0)).contains("gone");
        assertThat(rounds.absent().get(1)).contains("broken 1.0");
    }

    @Test
    void ratiosAreThoseOfTheSameRound() {
        List<PeerSample> first = List.of(
                new PeerSample(1, 8, 8, 100, 4, 10),
                new PeerSample(2, 8, 8, 50, 4, 5),
                new PeerSample(3, 8, 8, 200, 4, 20));
        List<PeerSample> other = List.of(
                new PeerSample(1, 8, 9, 50, 4, 20),
                new PeerSample(2, 8, 9, 40, 4, 10),
                new PeerSample(3, 8, 9, 20, 4, 40));
        PeerResults.Summary s = PeerSummaries.of(other, first).get(0);
        assertThat(s.promptRate()).isEqualTo(new Spread("tok/s", 40, 20, 50, 3));
        assertThat(s.promptOfFirst()).isEqualTo(new Spread("", 0.5, 0.1, 0.8, 3));
        assertThat(s.decodeOfFirst()).isEqualTo(new Spread("", 2, 2, 2, 3));
        assertThat(PeerSummaries.of(other, List.of()).get(0).decodeOfFirst()).isNull();
    }

    @Test
    void theTableIsMarkdownAndNamesWhoIsNotThere() {
        List<PeerSample> samples = List.of(new PeerSample(1, 8, 8, 100, 4, 10), new PeerSample(2, 8, 8, 50, 4, 20));
        PeerResults.Engine m1 = new PeerResults.Engine(
                "m1", "abc", "bf16", "", 0.5, List.of(), samples, PeerSummaries.of(samples, samples));
        PeerResults r = new PeerResults(
                PeerResults.SCHEMA,
                "2026-01-01",
                "abc",
                "d",
                Machine.here(""),
                new PeerResults.Settings("tiny", List.of(8), 4, 2, 1, 2),
                new Spread("GB/s", 20, 19, 22, 3),
                List.of(m1),
                List.of("third: why"));
        assertThat(PeerTable.of(r).lines())
                .contains(
                        "| m1 abc, bf16 | 8 | 75.0 (50.0–100.0) | 1.00 (1.00–1.00)"
                                + " | 15.0 (10.0–20.0) | 1.00 (1.00–1.00) |",
                        "not idle between its turns: m1 abc, bf16 used 50 % of a processor",
                        "absent: third: why")
                .first()
                .asString()
                .contains("2 threads", "20.0 (19.0–22.0) GB/s");
    }

    @Test
    void whatIsNoSampleIsNamed() throws IOException {
        try (PeerProcess process = new PeerProcess(engine("nan", true, 1, 0), folder.resolve("nan.log"))) {
            Path text = Files.writeString(folder.resolve("text"), "a b");
            assertThatThrownBy(() -> process.run(1, 2, text))
                    .isInstanceOf(ResultsException.class)
                    .hasMessageContaining("nan 1.0, bf16")
                    .hasMessageContaining("decodeTokensPerSecond");
        }
    }

    @Test
    void theListOfEnginesIsRead() throws IOException {
        Path list = Files.writeString(
                folder.resolve("engines"),
                "m1\nabc\nbf16\nall\njava\n-cp\nx y.jar\n\nother one\n\nq8_0\nfirst\nbash\n-c\nexec it\n\n");
        assertThat(PeerEngines.read(list))
                .containsExactly(
                        new PeerEngine("m1", "abc", "bf16", true, List.of("java", "-cp", "x y.jar")),
                        new PeerEngine("other one", "", "q8_0", false, List.of("bash", "-c", "exec it")));
        Files.writeString(list, "m1\nabc\nbf16\nall\n\n");
        assertThatThrownBy(() -> PeerEngines.read(list))
                .isInstanceOf(ResultsException.class)
                .hasMessageContaining("m1");
    }
}
