package dev.m1.cuda.emulator;

/** The kernels of attention, each with what a block of it needs. */
enum AttentionKernel {
    PLAIN_F32(Element.F32, 16, 256),
    PLAIN_BF16(Element.BF16, 16, 256),
    MMA_BF16(Element.BF16, 64, 128);

    final Element kv;
    final int queries; // that fill a block
    final int threads;

    AttentionKernel(Element kv, int queries, int threads) {
        this.kv = kv;
        this.queries = queries;
        this.threads = threads;
    }

    /** Least power of two that a head's stride fits into, from 32 on; of those that there are. */
    private static int width(int headDim) {
        return Math.max(32, Integer.highestOneBit(2 * Buffers.padded(headDim) - 1));
    }

    boolean isMma() {
        return this == MMA_BF16;
    }

    String symbol(int headDim) {
        return isMma() ? "m1_attention_mma_bf16_d" + width(headDim) : "m1_attention_" + kv.suffix();
    }

    int sharedBytes(int headDim) {
        return isMma()
                ? 2 * width(headDim) * (5 * AttentionCase.PAGE + 1)
                : 4 * queries * (2 * Buffers.padded(headDim) + AttentionCase.SPLIT + 4);
    }
}
