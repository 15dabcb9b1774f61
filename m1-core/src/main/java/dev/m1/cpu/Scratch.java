package dev.m1.cpu;

import dev.m1.cpu.kernels.KvLayout;
import dev.m1.cpu.kernels.LinearScratch;

/** One worker's buffers. */
final class Scratch {
    static final int QUERIES = Attention.TOKENS * KvLayout.QUERIES; // of a piece of attention

    final LinearScratch linear;
    final float[] block; // keys [headDim, BLOCK] or values [BLOCK, valueStride]
    final float[] queries; // [TOKENS, QUERIES, headDim]
    final float[] scores; // [TOKENS, QUERIES, scoreStride]
    final float[] sums; // [TOKENS, QUERIES, valueStride]
    final float[] totals = new float[QUERIES]; // [TOKENS, QUERIES]
    final float[] lanes = new float[16];
    final int scoreStride; // context, rounded up to whole blocks

    Scratch(LinearScratch linear, KvLayout layout, int contextTokens) {
        this.linear = linear;
        block = new float[KvLayout.BLOCK * layout.valueStride()];
        queries = new float[QUERIES * layout.headDim()];
        scoreStride = scoreStride(contextTokens);
        scores = new float[Math.multiplyExact(QUERIES, scoreStride)];
        sums = new float[QUERIES * layout.valueStride()];
    }

    static int scoreStride(int contextTokens) {
        return (contextTokens + KvLayout.BLOCK - 1) / KvLayout.BLOCK * KvLayout.BLOCK;
    }
}
