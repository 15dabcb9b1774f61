package dev.m1.bench;

import dev.m1.spi.Limits.KvType;
import dev.m1.spi.WeightType;
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
 * Prefill: a whole prompt in one step. The score is prompts per second; {@code tokens} is tok/s and {@code gigaflops}
 * GFLOP/s, as {@link StepWork} counts them.
 */
@State(Scope.Benchmark) // a decoder is used by one thread and has its own
@BenchmarkMode(Mode.Throughput) // prompts per second, from which the counters' rates follow
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector") // a fresh profile per parameter set
@Warmup(iterations = 2, time = 1) // set-up has run a first prompt; an iteration is at least one more
@Measurement(iterations = 6, time = 1) // a prompt takes seconds on a small machine: one or a few per iteration
public class PrefillBenchmark {
    /** A checkpoint directory, or {@code synthetic:SHAPE}. */
    @Param("synthetic:0.5b")
    public String model;

    /** Backend, by its provider's name. */
    @Param("cpu")
    public String backend;

    /** Tokens of the prompt. */
    @Param({"512", "2048"})
    public int context;

    /** How keys and values are stored; the default is what a model is opened with. */
    @Param("F32")
    public KvType kv;

    /** How matrices are held. */
    @Param("STORED")
    public WeightType weights;

    /** Compute threads; 0 means one per processor. */
    @Param("0")
    public int threads;

    private DecoderUnderTest decoder;

    @Setup
    public void open() {
        decoder = new DecoderUnderTest(model, backend, context, 1, kv, weights, threads, false);
    }

    @Benchmark
    public int prefill(Rates rates) {
        rates.add(
                context, decoder.work().decodeBytes(1, context), decoder.work().prefillOperations(context));
        return decoder.prefill();
    }

    @TearDown
    public void close() {
        decoder.close();
    }
}
