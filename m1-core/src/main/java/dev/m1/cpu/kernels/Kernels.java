package dev.m1.cpu.kernels;

import dev.m1.spi.Limits.KvType;
import dev.m1.spi.WeightTensor;

/**
 * The operations worth writing twice: in plain Java ({@link ScalarKernels}) and with the Vector API ({@code
 * VectorKernels}). Whatever depends on an element type is resolved once, when a model is loaded, into a {@link Linear}
 * or a {@link KvKernel}.
 */
public interface Kernels {
    /** For people: {@code scalar} or {@code Vector API, 256-bit}. */
    String name();

    /**
     * A weight matrix, used where it lies.
     *
     * @param matrix {@code [outputs, inputs]}
     * @param bias {@code [outputs]} or null
     */
    Linear linear(WeightTensor matrix, float[] bias);

    /** The attention loops over a KV cache of this element type. */
    KvKernel kv(KvType type, KvLayout layout);

    /**
     * Adds the products of 5 weight rows and 2 activation rows to their lanes, {@code lanes[r][t] += panel[r] *
     * acts[t]}.
     *
     * @param panel {@code [steps, 5, 16]} from {@code p} on
     * @param acts {@code [steps, 2, 16]} from {@code a} on
     * @param lanes {@code [5, 2, 16]} from {@code l} on
     */
    void tile(float[] panel, int p, float[] acts, int a, int steps, float[] lanes, int l);

    /**
     * Sums every 16 lanes as {@link Lanes#sum} does, in place: {@code lanes[i] = sum(lanes[16 i … 16 i + 15])}.
     *
     * @param lanes {@code [count, 16]}
     */
    void sums(float[] lanes, int count);

    /**
     * The sum of the squares of {@code x[from … from + n - 1]}.
     *
     * @param lanes scratch, {@code [16]}
     */
    float sumOfSquares(float[] x, int from, int n, float[] lanes);

    /**
     * Replaces scores by {@code exp(score - max)} and returns their sum: a softmax before its division.
     *
     * @param lanes scratch, {@code [16]}
     */
    float expSum(float[] scores, int from, int n, float[] lanes);

    /** {@code x[gate + i] = silu(x[gate + i]) * x[up + i]} for {@code i < n}. */
    void siluTimes(float[] x, int gate, int up, int n);
}
