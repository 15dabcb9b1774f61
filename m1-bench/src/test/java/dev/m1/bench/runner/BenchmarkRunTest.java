package dev.m1.bench.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.bench.synthetic.SyntheticCheckpoint;
import dev.m1.bench.synthetic.SyntheticShape;
import dev.m1.spi.WeightType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every set of benchmarks runs, its checks of its own results included, on a tiny model and for a moment. */
class BenchmarkRunTest {
    @TempDir
    static Path folder;

    private static Path model;

    @BeforeAll
    static void draw() throws IOException {
        model = folder.resolve("tiny");
        SyntheticCheckpoint.write(SyntheticShape.TINY, model, 1);
    }

    private static List<Measurement> run(BenchmarkSet set, String only, Path model) {
        PrintStream progress = new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);
        return BenchmarkRun.run(
                new RunSettings(List.of(set), only, model.toString(), "cpu", WeightType.STORED, 2, true), progress);
    }

    @Test
    void theDefaultSetMeasuresTokensAndBytes() {
        List<Measurement> all = run(BenchmarkSet.DEFAULT, "", model);
        assertThat(all)
                .extracting(Measurement::benchmark)
                .containsExactly(
                        "ReadBandwidthBenchmark.read",
                        "DecodeBenchmark.decode",
                        "DecodeBenchmark.decode",
                        "PrefillBenchmark.prefill",
                        "FirstTokenBenchmark.firstToken");
        Measurement decode = all.get(2);
        assertThat(decode.params()).containsEntry("batch", "4").containsEntry("threads", "2");
        // The counters are the score times what one step moves: 4 tokens here.
        assertThat(decode.rates().get("tokens").median() / decode.score().median())
                .isCloseTo(4, Percentage.withPercentage(1e-6));
        assertThat(decode.rates()).containsKeys("gigabytes", "gigaflops");
    }

    @Test
    void theOtherSetsRun() {
        assertThat(run(BenchmarkSet.PREFILL, "FirstToken", model)).hasSize(2);
        assertThat(run(BenchmarkSet.DECODE, "Decode", model)).hasSize(8);
        assertThat(run(BenchmarkSet.TEXT, "", model)).hasSize(5);
        assertThat(run(BenchmarkSet.ENGINE, "CheckpointOpen|Fork", model)).isNotEmpty();
        assertThat(run(BenchmarkSet.ENGINE, "StepOverhead", model))
                .hasSize(2)
                .allSatisfy(m -> assertThat(m.rates()).containsOnlyKeys("overheadMicros", "stepMicros"));
    }

    @Test
    void theKernelsAreProvenAndTimed() {
        List<Measurement> all = run(BenchmarkSet.KERNELS, "Attention|RmsNorm|Sampler", model);
        assertThat(all).hasSize(8 + 2 + 2);
        assertThat(all.get(11).rates()).containsKeys("p50", "p99");
        assertThat(run(BenchmarkSet.KERNELS, "Matrix", model)).hasSize(12);
    }

    /** A benchmark of its own: after a failure JMH keeps a broken one's state for the rest of this process. */
    @Test
    void aBenchmarkThatFailsSaysWhy() throws IOException {
        Path broken = folder.resolve("broken");
        Files.createDirectories(broken);
        assertThatThrownBy(() -> run(BenchmarkSet.ENGINE, "Budget", broken))
                .isInstanceOf(ResultsException.class)
                .hasMessageContaining("BudgetBenchmark.pair")
                .hasMessageContaining("config.json");
    }

    @Test
    void namesThatAreNotThereAreRefused() {
        assertThatThrownBy(() -> BenchmarkSet.of(List.of("default", "nonsense")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'nonsense'");
        assertThatThrownBy(() -> run(BenchmarkSet.TEXT, "nonsense", model))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'nonsense'");
        assertThat(BenchmarkSet.of(List.of("all"))).containsExactly(BenchmarkSet.values());
    }
}
