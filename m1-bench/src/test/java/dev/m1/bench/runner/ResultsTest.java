package dev.m1.bench.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {
    private static final Machine MACHINE =
            new Machine("Some(R) CPU @ 2.0GHz", "", 2, 1L << 34, "Linux amd64", "VM 25", List.of("-Xmx1g"));

    @TempDir
    Path folder;

    private static Measurement rate(String name, String model, double... scores) {
        Spread gigabytes = Spread.of("GB/s", scores);
        return new Measurement(
                name, Map.of("model", model), "thrpt", Spread.of("ops/s", scores), Map.of("gigabytes", gigabytes));
    }

    private static Measurement time(String name, double... scores) {
        return new Measurement(name, Map.of(), "avgt", Spread.of("ms/op", scores), Map.of());
    }

    private static Results results(Measurement... measurements) {
        return new Results(Results.SCHEMA, "2026-01-02", "abc", MACHINE.slug(), MACHINE, List.of())
                .with(List.of(measurements));
    }

    @Test
    void aSpreadIsMedianAndRange() {
        assertThat(Spread.of("s", 3, 1, 2)).isEqualTo(new Spread("s", 2, 1, 3, 3));
        assertThat(Spread.of("s", 4, 1, 2, 3)).isEqualTo(new Spread("s", 2.5, 1, 4, 4));
        assertThatThrownBy(() -> Spread.of("s")).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFolderIsNamedAfterTheDevice() {
        assertThat(MACHINE.slug()).isEqualTo("some-cpu-2-0ghz-2-processors");
        Machine gpu = new Machine("c", "NVIDIA H200, 141 GB", 1, 0, "s", "j", List.of());
        assertThat(gpu.slug()).isEqualTo("nvidia-h200-141-gb");
    }

    @Test
    void decodingIsRelatedToTheReadBandwidth() {
        Results all =
                results(rate("ReadBandwidthBenchmark.read", "m", 20), rate("DecodeBenchmark.decode", "m", 10, 15));
        Spread fraction = all.measurements().get(1).rates().get(Results.FRACTION);
        assertThat(fraction).isEqualTo(new Spread("", 0.625, 0.5, 0.75, 2));
        assertThat(ResultsTable.of(all)).contains("63 % of read bandwidth");
    }

    @Test
    void whatIsWrittenIsReadAgainAndPiecesAdd() {
        Path file = ResultsFile.add(folder, results(rate("A.a", "x/m", 1), time("B.b", 5)));
        assertThat(file)
                .isEqualTo(folder.resolve("some-cpu-2-0ghz-2-processors").resolve("2026-01-02-abc.json"));
        ResultsFile.add(folder, results(rate("A.a", "y/m/", 2), time("C.c", 7)));
        assertThat(ResultsFile.read(file)).isEqualTo(results(rate("A.a", "y/m/", 2), time("B.b", 5), time("C.c", 7)));
    }

    @Test
    void resultsOfAnotherMachineAreNotMixedIn() {
        ResultsFile.add(folder, results(time("A.a", 1)));
        Machine other = new Machine(MACHINE.cpu(), "", 2, 1L << 34, "Linux amd64", "VM 26", List.of());
        Results foreign = new Results(Results.SCHEMA, "2026-01-02", "abc", MACHINE.slug(), other, List.of());
        assertThatThrownBy(() -> ResultsFile.add(folder, foreign))
                .isInstanceOf(ResultsException.class)
                .hasMessageContaining("VM 25")
                .hasMessageContaining("VM 26");
    }

    @Test
    void whatIsNoResultsFileIsRefused() throws IOException {
        for (String text : List.of("", "{", "[]", "null", "{}", "{\"schema\": 2}", "{\"surprise\": 1}")) {
            Path file = Files.writeString(folder.resolve("broken.json"), text);
            assertThatThrownBy(() -> ResultsFile.read(file))
                    .as(text)
                    .isInstanceOf(ResultsException.class)
                    .hasMessageContaining("broken.json");
        }
        assertThatThrownBy(() -> ResultsFile.read(folder.resolve("absent.json")))
                .isInstanceOf(ResultsException.class)
                .hasMessageContaining("absent.json");
    }

    @Test
    void aComparisonSaysHowManyTimesAsFast() {
        Comparison c = Comparison.of(
                results(rate("A.a", "x/m", 10, 11), time("B.b", 10), rate("C.c", "m", 100), time("D.d", 1)),
                results(rate("A.a", "y/m", 12, 9), time("B.b", 12.5), rate("C.c", "m", 102), time("E.e", 1)));
        assertThat(c.changes()).extracting(Comparison.Change::key).containsExactly("A.a model=m", "B.b", "C.c model=m");
        assertThat(c.changes()).extracting(Comparison.Change::speed).containsExactly(1.0, 0.8, 1.02);
        assertThat(c.changes()).extracting(Comparison.Change::flagged).containsExactly(false, true, false);
        assertThat(c.changes()).extracting(Comparison.Change::withinSpread).containsExactly(true, false, false);
        assertThat(c.missing()).containsExactly("D.d");
        assertThat(c.added()).containsExactly("E.e");
        assertThat(c.anySlower()).isTrue();
        assertThat(c.table())
                .containsPattern("B.b +10.00 +12.50 +ms/op +0.800 +SLOWER\n")
                .contains("only before: D.d");
    }

    @Test
    void fasterIsFlaggedButNotAFailure() {
        Comparison c = Comparison.of(results(time("B.b", 10)), results(time("B.b", 8)));
        assertThat(c.changes().get(0).flagged()).isTrue();
        assertThat(c.anySlower()).isFalse();
        assertThat(c.table()).contains("1.250").contains("faster");
    }

    @Test
    void differentUnitsAreNotCompared() {
        Measurement nanos = new Measurement("B.b", Map.of(), "avgt", Spread.of("ns/op", 1), Map.of());
        assertThatThrownBy(() -> Comparison.of(results(time("B.b", 1)), results(nanos)))
                .isInstanceOf(ResultsException.class)
                .hasMessageContaining("ms/op")
                .hasMessageContaining("ns/op");
    }
}
