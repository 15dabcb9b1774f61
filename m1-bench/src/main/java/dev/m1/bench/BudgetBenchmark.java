package dev.m1.bench;

import dev.m1.Generation;
import dev.m1.GenerationOptions;
import dev.m1.ReasoningResult;
import dev.m1.Usage;
import dev.m1.thinking.ThinkingEnd;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a budget costs per decoded token. One operation decodes the same ids at the same positions twice, once as plain
 * generation and once as budgeted thinking, in turns with either first, so that whatever the machine does meanwhile
 * meets both. Compare the counters {@code plainNanos} and {@code thinkingNanos} of each iteration: their ratio is the
 * result, its spread over the iterations the noise. Both count from the first sampled token on; the thinking's last
 * step is the look one token ahead.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 10, time = 1)
@Measurement(iterations = 40, time = 1) // many short ones: each is a pair of figures
public class BudgetBenchmark {
    /** Tokens that each side decodes in an operation. */
    @Param("32")
    public int tokens;

    private int[] prompt; // [tokens]
    private boolean plainFirst;

    /** Time from the first to the last of the tokens, summed over the iteration's operations. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Nanos {
        public long plainNanos;
        public long thinkingNanos;

        @Setup(Level.Iteration)
        public void clear() {
            plainNanos = 0;
            thinkingNanos = 0;
        }
    }

    /** Both decode the same ids. */
    @Setup
    public void verify(OpenModel m) {
        prompt = m.thinkingPrompt();
        Generation plain = plain(m);
        ReasoningResult budgeted = budgeted(m);
        if (budgeted.thinkingEnd() != ThinkingEnd.BUDGET
                || !Arrays.equals(Arrays.copyOf(plain.tokenIds(), tokens), budgeted.thinkingIds())) {
            throw new IllegalStateException("they decode different ids: " + budgeted.thinkingEnd());
        }
    }

    @Benchmark
    public void pair(OpenModel m, Nanos nanos) {
        plainFirst = !plainFirst;
        for (int i = 0; i < 2; i++) {
            if ((i == 0) == plainFirst) {
                Usage u = plain(m).usage();
                nanos.plainNanos += u.thinkingTime().plus(u.answerTime()).toNanos();
            } else {
                nanos.thinkingNanos += budgeted(m).usage().thinkingTime().toNanos();
            }
        }
    }

    /** One token more than the budget: the one that the budgeted run looks at and drops. */
    private Generation plain(OpenModel m) {
        return m.opened.generate(prompt, GenerationOptions.greedy(tokens + 1).withIgnoreEos(true));
    }

    private ReasoningResult budgeted(OpenModel m) {
        return m.reasoner.reason(OpenModel.request(tokens, 1, OpenModel.QUESTION));
    }
}
