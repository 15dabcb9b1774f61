package dev.m1.cpu;

import dev.m1.cpu.kernels.KvLayout;
import dev.m1.cpu.kernels.LinearScratch;

/** One worker's buffers. */
final class Scratch {
    final LinearScratch linear;
    final float[] queries; // [QUERIES, headDim]
    final float[] scores; // [QUERIES, scoreStride]
    final float[] sums; // [QUERIES, valueStride]
    final float[] totals = new float[KvLayout.QUERIES];
    final float[] lanes = new float[16];
    final int scoreStride; // context, rounded up to whole blocks

    Scratch(LinearScratch linear, KvLayout layout, int contextTokens) {
        this.linear = linear;
        queries = new float[KvLayout.QUERIES * layout.headDim()];
        scoreStride = scoreStride(contextTokens);
        scores = new float[Math.multiplyExact(KvLayout.QUERIES, scoreStride)];
        sums = new float[KvLayout.QUERIES * layout.valueStride()];
    }

    static int scoreStride(int contextTokens) {
        return (contextTokens + KvLayout.BLOCK - 1) / KvLayout.BLOCK * KvLayout.BLOCK;
    }
}
