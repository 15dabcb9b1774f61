package dev.m1.cpu.kernels;

import dev.m1.spi.Limits.KvType;

/**
 * How keys and values of one head lie within a block. Keys are {@code [headDim, BLOCK]}, so that the scores of many
 * tokens come from whole vectors without a sum across lanes; values are {@code [BLOCK, valueStride]} for the same
 * reason.
 *
 * @param headDim elements of a head
 * @param valueStride {@code headDim} rounded up to 16; the rest stays zero
 * @param elementBytes 4 for F32, 2 for BF16
 */
public record KvLayout(int headDim, int valueStride, int elementBytes) {
    /** Tokens in a block. */
    public static final int BLOCK = 32;
    /** Query heads one kernel call handles. */
    public static final int QUERIES = 4;

    public static KvLayout of(int headDim, KvType type) {
        return new KvLayout(headDim, Lanes.padded(headDim), type == KvType.F32 ? Float.BYTES : Short.BYTES);
    }

    /** Bytes of one head's keys in one block. */
    public long keyBytes() {
        return (long) headDim * BLOCK * elementBytes;
    }

    /** Bytes of one head's values in one block. */
    public long valueBytes() {
        return (long) valueStride * BLOCK * elementBytes;
    }
}
