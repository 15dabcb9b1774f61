package dev.m1.cpu.kernels;

import dev.m1.spi.DType;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.WeightTensor;

/**
 * The operations worth writing twice: in plain Java ({@link ScalarKernels}) and with the Vector API ({@code
 * VectorKernels}). Whatever depends on an element type is resolved once, when a model is loaded, into a {@link Linear}
 * or a {@link KvStorage}.
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

    /** Products with matrices of 8-bit integers. */
    Q8Kernel q8();

    /**
     * Products with stored weights in panels.
     *
     * @param stored the type they are stored in
     */
    PanelKernel<PackedMatrix> packed(DType stored);

    /** What stores and reads a KV cache of this element type. */
    KvStorage kv(KvType type, KvLayout layout);

    /** The attention loops. */
    AttentionKernel attention(KvLayout layout);

    /**
     * Adds the products of 5 weight rows and 2 activation rows to their lanes, {@code lanes[r][t] += panel[r] *
     * acts[t]}; all three lie in one array.
     *
     * @param panel where {@code [steps, 5, 16]} begins
     * @param acts where {@code [steps, 2, 16]} begins
     * @param lanes where {@code [5, 2, 16]} begins
     */
    void tile(float[] memory, int panel, int acts, int steps, int lanes);

    /**
     * The first half of {@link Lanes#sum} for many sums, in place: of every 16 lanes four are left, to be combined by
     * {@link Lanes#rest}.
     *
     * @param memory {@code [count, 16]} from {@code from} on, then {@code [count, 4]}
     */
    void fold(float[] memory, int from, int count);

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
