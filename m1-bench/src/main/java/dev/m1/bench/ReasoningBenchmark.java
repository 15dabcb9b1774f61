package dev.m1.bench;

import dev.m1.BudgetGrid;
import dev.m1.BudgetSweep;
import dev.m1.Outcome;
import dev.m1.ReasoningRequest;
import dev.m1.ReasoningResult;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What sweeps and batches cost on a whole model: {@code -p model=DIR}. Compare {@code sweep} with {@code separate} (the
 * same cells), and {@code batch} over its sizes.
 */
@BenchmarkMode(Mode.AverageTime) // each operation is a whole grid or batch
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector") // a fresh profile per parameter set
@Warmup(iterations = 3, time = 5) // the kernels are compiled in the first seconds
@Measurement(iterations = 5, time = 5)
public class ReasoningBenchmark {
    /** Five budgets: none, and an eighth, a quarter, half and all of the largest. */
    @State(Scope.Benchmark)
    public static class Grid {
        @Param("128")
        public int largest;

        /** Answer tokens of each cell. */
        @Param("16")
        public int answer;

        private BudgetGrid grid;

        /** The sweep's cells are the separate runs. */
        @Setup
        public void verify(OpenModel m) {
            grid = BudgetGrid.of(0, largest / 8, largest / 4, largest / 2, largest);
            List<ReasoningResult> alone = separate(m);
            List<ReasoningResult> swept = sweep(m).row(0);
            for (int i = 0; i < alone.size(); i++) {
                if (!Arrays.equals(alone.get(i).answerIds(), swept.get(i).answerIds())) {
                    throw new IllegalStateException("cell " + i + " of the sweep differs from its separate run");
                }
            }
        }

        private BudgetSweep sweep(OpenModel m) {
            return m.reasoner.sweep(OpenModel.request(0, answer, OpenModel.QUESTION), grid);
        }

        private List<ReasoningResult> separate(OpenModel m) {
            List<ReasoningResult> all = new ArrayList<>();
            for (int budget : grid.budgets()) {
                all.add(m.reasoner.reason(OpenModel.request(budget, answer, OpenModel.QUESTION)));
            }
            return all;
        }
    }

    /** How many requests {@code batch} runs at a time, and what each decodes. */
    @State(Scope.Benchmark)
    public static class Batch {
        @Param({"1", "2", "4", "8"})
        public int requests;

        /** Thinking tokens of each; its answer has a quarter of that. */
        @Param("64")
        public int thinking;
    }

    /** All budgets in one pass. */
    @Benchmark
    public BudgetSweep sweep(OpenModel m, Grid g) {
        return g.sweep(m);
    }

    /** The same budgets one after another. */
    @Benchmark
    public List<ReasoningResult> separate(OpenModel m, Grid g) {
        return g.separate(m);
    }

    /** Several different questions at once. */
    @Benchmark
    public List<Outcome> batch(OpenModel m, Batch b) {
        List<ReasoningRequest> requests = new ArrayList<>();
        for (int i = 0; i < b.requests; i++) {
            requests.add(OpenModel.request(b.thinking, b.thinking / 4, i + ". " + OpenModel.QUESTION));
        }
        return m.reasoner.reasonAll(requests, p -> {});
    }
}
