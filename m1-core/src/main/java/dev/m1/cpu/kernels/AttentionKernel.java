package dev.m1.cpu.kernels;

/**
 * Attention over one block of keys and values as {@link KvStorage} gives them, for {@link KvLayout#QUERIES} query heads
 * that share a key/value head. A score is a chain of fused multiply-adds over the head's elements in ascending order,
 * an output element one over the positions in ascending order: nothing depends on which other queries or tokens are
 * computed beside it.
 */
public interface AttentionKernel {
    /**
     * Scores of all tokens of a block, those behind the context too: the caller does not read them.
     *
     * @param k where {@code [headDim, BLOCK]} begins
     * @param q where {@code [QUERIES, headDim]} begins
     * @param to where {@code [QUERIES, stride]} begins, of which {@code BLOCK} in each row are written
     */
    void scores(float[] keys, int k, float[] queries, int q, float scale, float[] scores, int to, int stride);

    /**
     * Adds the first {@code count} values of a block, or of several, weighted.
     *
     * @param values {@code [count, valueStride]}
     * @param from where {@code [QUERIES, stride]} begins, of which {@code count} in each row are read
     * @param to where {@code [QUERIES, valueStride]} begins
     */
    void mix(float[] values, int count, float[] weights, int from, int stride, float[] sums, int to);

    /** {@link #scores} of the first two queries only, the same bits; the other rows may be written or not. */
    default void scoresOfTwo(
            float[] keys, int k, float[] queries, int q, float scale, float[] scores, int to, int stride) {
        scores(keys, k, queries, q, scale, scores, to, stride);
    }

    /** {@link #mix} for the first two rows only, the same bits; the other sums may be changed or not. */
    default void mixOfTwo(float[] values, int count, float[] weights, int from, int stride, float[] sums, int to) {
        mix(values, count, weights, from, stride, sums, to);
    }
}
