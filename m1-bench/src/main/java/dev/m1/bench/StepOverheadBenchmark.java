package dev.m1.bench;

import dev.m1.Generation;
import dev.m1.GenerationOptions;
import dev.m1.ModelOptions;
import dev.m1.bench.synthetic.ModelSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What the engine adds to a decode step: plain generations through the public API, as many at the same time as a batch
 * has rows, with the decoder's own time taken out. The counter {@code overheadMicros} is the time between a step's end
 * and the next one's begin, {@code stepMicros} that of the step itself, both µs a step.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector")
@Warmup(iterations = 5, time = 2) // some ten thousand steps, after which all of the loop is compiled
@Measurement(iterations = 10, time = 1)
public class StepOverheadBenchmark {
    private static final int TOKENS = 256; // of a generation

    /** A checkpoint directory, or {@code synthetic:SHAPE}: its own and small, so that steps do not hide the rest. */
    @Param("synthetic:tiny")
    public String checkpoint;

    /** Sequences decoded together. */
    @Param({"1", "8"})
    public int batch;

    /** Compute threads. */
    @Param("1")
    public int workers;

    private TimedDecoder.Timed timed;
    private ExecutorService hosts; // the callers, one for each sequence
    private List<Callable<Generation>> calls; // [batch]

    /** Figures of an iteration. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Micros {
        private TimedDecoder decoder;

        @Setup(Level.Iteration)
        public void clear(StepOverheadBenchmark benchmark) {
            decoder = benchmark.timed.decoder();
            decoder.clear();
        }

        public double overheadMicros() {
            return decoder.betweenNanos() / 1e3 / Math.max(1, decoder.pairs());
        }

        public double stepMicros() {
            return decoder.stepNanos() / 1e3 / Math.max(1, decoder.pairs());
        }
    }

    /** Opens it, and looks whether all rows of a batch run together. */
    @Setup
    public void open() throws InterruptedException, ExecutionException {
        ModelOptions options = ModelOptions.builder()
                .contextTokens(2 * TOKENS)
                .kvTokens(2L * TOKENS * batch)
                .maxSequences(batch)
                .threads(workers)
                .build();
        timed = TimedDecoder.open(ModelSource.resolve(checkpoint), options, batch);
        hosts = Executors.newFixedThreadPool(batch);
        calls = new ArrayList<>();
        GenerationOptions greedy = GenerationOptions.greedy(TOKENS).withIgnoreEos(true);
        for (int i = 0; i < batch; i++) {
            int[] prompt = {i + 1, i + 2, i + 3};
            calls.add(() -> timed.model().generate(prompt, greedy));
        }
        for (int i = 0; i < 3; i++) {
            round();
        }
        if (timed.decoder().pairs() < TOKENS) {
            throw new IllegalStateException("only " + timed.decoder().pairs() + " steps had " + batch + " rows");
        }
    }

    @Benchmark
    public int generate(Micros micros) throws InterruptedException, ExecutionException {
        return round();
    }

    private int round() throws InterruptedException, ExecutionException {
        int tokens = 0;
        for (Future<Generation> g : hosts.invokeAll(calls)) {
            tokens += g.get().tokenIds().length;
        }
        if (tokens != batch * TOKENS) {
            throw new IllegalStateException(tokens + " tokens, not " + batch * TOKENS);
        }
        return tokens;
    }

    @TearDown
    public void close() {
        hosts.shutdown();
        timed.model().close();
    }
}
