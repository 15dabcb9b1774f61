package dev.m1.cuda.kernels;

import dev.m1.spi.Limits.KvType;

/**
 * A kernel of {@link Attention} and what one block of it needs.
 *
 * @param symbol the kernel
 * @param queries (token, head) pairs that fill a block
 * @param threads of a block
 * @param sharedBytes dynamic shared memory of a block
 */
record AttentionVariant(String symbol, int queries, int threads, int sharedBytes) {
    private static final int PLAIN_QUERIES = 16;
    private static final int MMA_QUERIES = 64;
    private static final int[] MMA_WIDTHS = {32, 64, 128}; // elements of a head

    /**
     * The kernel for a cache: on tensor cores if it is bfloat16 and heads are not too wide; a float cache would take
     * six products of bfloat16 parts or more for each, which gains nothing over fused multiply-adds.
     */
    static AttentionVariant of(KvPool pool, boolean tensorCores) {
        if (tensorCores && pool.type() == KvType.BF16) {
            for (int width : MMA_WIDTHS) {
                if (pool.headStride() <= width) {
                    // Five times a page, see attention_mma.cu, and a row of zeros.
                    int bytes = Short.BYTES * width * (5 * KvPool.PAGE_TOKENS + 1);
                    return new AttentionVariant("m1_attention_mma_bf16_d" + width, MMA_QUERIES, 128, bytes);
                }
            }
        }
        // Queries and results, scores, and four numbers for every query.
        int floats = PLAIN_QUERIES * (2 * pool.headStride() + Attention.SPLIT + 4);
        return new AttentionVariant("m1_attention_" + pool.suffix(), PLAIN_QUERIES, 256, Float.BYTES * floats);
    }
}
