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
 * Decoding: one new token for every sequence of a batch. The score is steps per second; {@code tokens} is tok/s over
 * the batch, {@code gigabytes} GB/s of weights and KV cache, {@code gigaflops} GFLOP/s, as {@link StepWork} counts
 * them.
 */
@State(Scope.Benchmark) // a decoder is used by one thread and has its own
@BenchmarkMode(Mode.Throughput) // steps per second, from which the counters' rates follow
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector") // a fresh profile per parameter set
@Warmup(iterations = 3, time = 3) // set-up has compiled the kernels already; this settles decoding itself
@Measurement(iterations = 8, time = 3) // eight medians' worth of some fifty steps each on a slow machine
public class DecodeBenchmark {
    /** A checkpoint directory, or {@code synthetic:SHAPE}. */
    @Param("synthetic:0.5b")
    public String model;

    /** Backend, by its provider's name. */
    @Param("cpu")
    public String backend;

    /** Tokens in every sequence's cache. */
    @Param({"512", "2048"})
    public int context;

    /** Sequences decoded together. */
    @Param({"1", "2", "4", "8"})
    public int batch;

    /** How keys and values are stored; the default is what a model is opened with. */
    @Param("F32")
    public KvType kv;

    /** How matrices are held. */
    @Param("STORED")
    public WeightType weights;

    /** Compute threads; 0 means one per processor. */
    @Param("0")
    public int threads;

    /**
     * Whether the sequences have their contexts' blocks in common, as the branches of a sweep do; the counters count
     * every sequence's all the same.
     */
    @Param("false")
    public boolean shared;

    private DecoderUnderTest decoder;

    @Setup
    public void open() {
        decoder = new DecoderUnderTest(model, backend, context, batch, kv, weights, threads, shared);
    }

    @Benchmark
    public int decode(Rates rates) {
        rates.add(
                batch,
                decoder.work().decodeBytes(batch, context),
                decoder.work().decodeOperations(batch, context));
        return decoder.decode();
    }

    @TearDown
    public void close() {
        decoder.close();
    }
}
