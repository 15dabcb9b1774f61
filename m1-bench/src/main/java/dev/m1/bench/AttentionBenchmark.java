package dev.m1.bench;

import dev.m1.cpu.kernels.AttentionKernel;
import dev.m1.cpu.kernels.KernelSelection;
import dev.m1.cpu.kernels.Kernels;
import dev.m1.cpu.kernels.KvLayout;
import dev.m1.cpu.kernels.KvStorage;
import dev.m1.spi.Limits.KvType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.SplittableRandom;
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
 * Attention alone, on one thread: one token's four query heads over one key/value head's context, block by block, as
 * {@code dev.m1.cpu.Attention} calls the kernels.
 */
@State(Scope.Benchmark) // one thread: the kernel's own speed
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector") // each type compiled for itself
@Warmup(iterations = 4, time = 1) // the compiler settles within two
@Measurement(iterations = 8, time = 1)
public class AttentionBenchmark {
    private static final int QUERIES = KvLayout.QUERIES;
    private static final int BLOCK = KvLayout.BLOCK;
    private static final double UNIT = 0x1p-24; // half an ulp of 1 in binary32

    /** Tokens in the cache. */
    @Param({"512", "2048"})
    public int context;

    /** Elements of a head. */
    @Param({"64", "128"})
    public int headDim;

    /** How keys and values are stored. */
    @Param({"BF16", "F32"})
    public KvType kv;

    private final float[] lanes = new float[16]; // scratch
    private final float[] totals = new float[QUERIES]; // [queries]
    private Kernels kernels;
    private AttentionKernel kernel;
    private KvStorage storage;
    private KvLayout layout;
    private Arena arena;
    private MemorySegment pool; // [blocks][keys, values]
    private int stride; // of scores, in elements
    private float[] block; // keys [headDim, BLOCK] or values [BLOCK, valueStride]
    private float[] queries; // [queries, headDim]
    private float[] keys; // [context, headDim]
    private float[] values; // [context, headDim]
    private float[] scores; // [queries, stride]
    private float[] sums; // [queries, valueStride]
    private float[] out; // [queries, headDim]
    private float scale;

    @Setup
    public void setUp() {
        kernels = KernelSelection.best();
        layout = KvLayout.of(headDim, kv);
        kernel = kernels.attention(layout);
        storage = kernels.kv(kv, layout);
        block = new float[BLOCK * layout.valueStride()];
        stride = (context + BLOCK - 1) / BLOCK * BLOCK;
        arena = Arena.ofShared();
        pool = arena.allocate(stride / BLOCK * blockBytes(), 64);
        SplittableRandom random = new SplittableRandom(1);
        queries = numbers(random, QUERIES * headDim);
        keys = numbers(random, context * headDim);
        values = numbers(random, context * headDim);
        scores = new float[QUERIES * stride];
        sums = new float[QUERIES * layout.valueStride()];
        out = new float[QUERIES * headDim];
        scale = (float) (1 / Math.sqrt(headDim));
        for (int t = 0; t < context; t++) {
            storage.putKey(pool, chunk(t), t % BLOCK, keys, t * headDim);
            storage.putValue(pool, chunk(t) + layout.keyBytes(), t % BLOCK, values, t * headDim);
        }
        verify();
    }

    /** In [-1, 1), with 8 significant bits: bfloat16 holds them exactly. */
    private static float[] numbers(SplittableRandom random, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (random.nextInt(256) - 128) / 128f;
        }
        return x;
    }

    private long blockBytes() {
        return layout.keyBytes() + layout.valueBytes();
    }

    private long chunk(int token) {
        return token / BLOCK * blockBytes();
    }

    /**
     * Against double precision. A score is off by at most {@code (headDim + 2) u} times the sum of magnitudes, which
     * is at most {@code headDim * scale}; that and two ulps (4 u) of the exponential make a weight's relative error
     * {@code e}. The sums over the context round at most {@code context} times each, and values are at most 1.
     */
    private void verify() {
        attend();
        double score = (headDim + 2) * UNIT * headDim * scale;
        double e =
                2 * Math.expm1(2 * score) + 8 * UNIT; // of numerator and denominator; twice for the subtracted maximum
        double bound = e + 2.0 * (context + 2) * UNIT;
        for (int q = 0; q < QUERIES; q++) {
            double[] exact = exact(q);
            for (int d = 0; d < headDim; d++) {
                double error = Math.abs(out[q * headDim + d] - exact[d]);
                if (!(error <= bound)) {
                    throw new IllegalStateException("query " + q + ", element " + d + ": " + out[q * headDim + d]
                            + ", exactly " + exact[d] + ", off by more than " + bound);
                }
            }
        }
    }

    private double[] exact(int query) {
        double[] mixed = new double[headDim];
        double total = 0;
        for (int t = 0; t < context; t++) {
            double dot = 0;
            for (int d = 0; d < headDim; d++) {
                dot += (double) queries[query * headDim + d] * keys[t * headDim + d];
            }
            double weight = Math.exp(dot * scale);
            total += weight;
            for (int d = 0; d < headDim; d++) {
                mixed[d] += weight * values[t * headDim + d];
            }
        }
        for (int d = 0; d < headDim; d++) {
            mixed[d] /= total;
        }
        return mixed;
    }

    @Benchmark
    public float[] attention(Rates rates) {
        rates.add(0, 2.0 * context * headDim * layout.elementBytes(), 4.0 * QUERIES * context * headDim);
        return attend();
    }

    private float[] attend() {
        for (int t = 0; t < context; t += BLOCK) {
            storage.readKeys(pool, chunk(t), block, 0);
            kernel.scores(block, 0, queries, 0, scale, scores, t, stride);
        }
        for (int q = 0; q < QUERIES; q++) {
            totals[q] = kernels.expSum(scores, q * stride, context, lanes);
        }
        Arrays.fill(sums, 0);
        for (int t = 0; t < context; t += BLOCK) {
            int count = Math.min(BLOCK, context - t);
            storage.readValues(pool, chunk(t) + layout.keyBytes(), count, block, 0);
            kernel.mix(block, count, scores, t, stride, sums, 0);
        }
        for (int q = 0; q < QUERIES; q++) {
            for (int d = 0; d < headDim; d++) {
                out[q * headDim + d] = sums[q * layout.valueStride() + d] / totals[q];
            }
        }
        return out;
    }

    @TearDown
    public void tearDown() {
        arena.close();
    }
}
