package dev.m1.bench.runner;

import dev.m1.spi.WeightType;
import java.util.List;

/**
 * What to run and on what.
 *
 * @param sets sets of benchmarks, run in order
 * @param only a regular expression that a benchmark's name must contain as well; empty for all
 * @param model a checkpoint directory or {@code synthetic:SHAPE}
 * @param backend {@code cpu} or {@code cuda}
 * @param weights how matrices are held, for the benchmarks of decoding and prompts
 * @param threads compute threads; 0 means one per processor
 * @param quick true: one short iteration in this process, which shows that it works and not how fast
 */
public record RunSettings(
        List<BenchmarkSet> sets,
        String only,
        String model,
        String backend,
        WeightType weights,
        int threads,
        boolean quick) {
    public RunSettings {
        sets = List.copyOf(sets);
        if (threads < 0) {
            throw new IllegalArgumentException("threads must be 0 (all) or more, got " + threads);
        }
    }
}
