package dev.m1.bench;

import dev.m1.engine.Engine;
import dev.m1.engine.Sequence;
import dev.m1.engine.SequenceDriver;
import dev.m1.engine.SequenceEnd;
import dev.m1.sampling.Sampling;
import dev.m1.spi.Decoder;
import dev.m1.spi.KvGeometry;
import dev.m1.spi.Limits;
import dev.m1.spi.MemoryPlan;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import java.util.concurrent.CompletableFuture;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Cost of forking a running sequence, by its length, with a decoder that computes nothing: what is left is block
 * tables. One operation is a request whose prompt is in the prefix cache, that forks itself {@value #FORKS} times;
 * {@code alone} is the same without forks.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class ForkBenchmark {
    private static final int FORKS = 64;

    /** Tokens of the sequence that is forked. */
    @Param({"100", "8000"})
    public int tokens;

    private Engine engine;
    private int[] prompt; // [tokens]

    @Setup
    public void setUp() throws Exception {
        prompt = new int[tokens];
        Limits limits = new Limits(8192, 128, 8192, 20_000, Limits.KvType.F32, 1);
        engine = new Engine(new NullDecoder(), 2, limits);
        if (run(FORKS) != FORKS || run(0) != 0) {
            throw new IllegalStateException("not every fork ran");
        }
    }

    @Benchmark
    public int forked() throws Exception {
        return run(FORKS);
    }

    @Benchmark
    public int alone() throws Exception {
        return run(0);
    }

    private int run(int forks) throws Exception {
        Forking driver = new Forking(forks);
        engine.submit(new Sequence(prompt, prompt.length, prompt.length + 2, Sampling.greedy(), 0, driver));
        return driver.ended.get();
    }

    @TearDown
    public void tearDown() {
        engine.close();
    }

    /** Forks at its first token; it and its forks end at once. */
    private static final class Forking implements SequenceDriver {
        final CompletableFuture<Integer> ended = new CompletableFuture<>();
        private final int forks;
        private int left;

        Forking(int forks) {
            this.forks = forks;
            left = forks + 1;
        }

        @Override
        public void onSampled(Sequence s, int id) {
            if (left == forks + 1) {
                for (int i = 0; i < forks; i++) {
                    s.fork(s.length(), i, this).append(1);
                }
            }
            s.finish();
        }

        @Override
        public void onEnd(Sequence s, SequenceEnd end, Throwable failure) {
            if (--left == 0) {
                ended.complete(forks);
            }
        }
    }

    private static final class NullDecoder implements Decoder {
        @Override
        public KvGeometry kv() {
            return new KvGeometry(64, 400, 1);
        }

        @Override
        public MemoryPlan memory() {
            return new MemoryPlan(0, 0, 0);
        }

        @Override
        public String description() {
            return "computes nothing";
        }

        @Override
        public void copyBlocks(int[] source, int[] destination, int count) {}

        @Override
        public void step(StepBatch in, StepResult out) {
            for (int row = 0; row < in.size(); row++) {
                out.sampled(row, 0);
            }
        }

        @Override
        public void close() {}
    }
}
