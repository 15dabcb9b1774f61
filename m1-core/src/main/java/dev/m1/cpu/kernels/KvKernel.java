package dev.m1.cpu.kernels;

import java.lang.foreign.MemorySegment;

/**
 * Attention over one block of the KV cache, for {@link KvLayout#QUERIES} query heads that share a key/value head. A
 * score is a chain of fused multiply-adds over the head's elements in ascending order, an output element one over the
 * positions in ascending order: nothing depends on which other queries or tokens are computed beside it.
 */
public interface KvKernel {
    /**
     * Stores a key {@code key[from …]} as the block's token {@code token}; {@code chunk} is the block's key chunk in
     * bytes.
     */
    void putKey(MemorySegment pool, long chunk, int token, float[] key, int from);

    /**
     * Stores a value {@code value[from …]} as the block's token {@code token}; {@code chunk} is the value chunk in
     * bytes.
     */
    void putValue(MemorySegment pool, long chunk, int token, float[] value, int from);

    /**
     * Scores of all tokens of a block, those behind the context too: the caller does not read them.
     *
     * @param queries {@code [QUERIES, headDim]}
     * @param scores {@code [QUERIES, stride]}, of which {@code [from, from + BLOCK)} of each row is written
     */
    void scores(MemorySegment pool, long chunk, float[] queries, float scale, float[] scores, int from, int stride);

    /**
     * Adds the block's first {@code count} values, weighted.
     *
     * @param weights {@code [QUERIES, stride]}, read from {@code from} on
     * @param sums {@code [QUERIES, valueStride]}
     */
    void mix(MemorySegment pool, long chunk, int count, float[] weights, int from, int stride, float[] sums);

    /** {@link #scores} of the first two queries only, the same bits; the other rows may be written or not. */
    default void scoresOfTwo(
            MemorySegment pool, long chunk, float[] queries, float scale, float[] scores, int from, int stride) {
        scores(pool, chunk, queries, scale, scores, from, stride);
    }

    /** {@link #mix} for the first two rows only, the same bits; the other sums may be changed or not. */
    default void mixOfTwo(
            MemorySegment pool, long chunk, int count, float[] weights, int from, int stride, float[] sums) {
        mix(pool, chunk, count, weights, from, stride, sums);
    }
}
