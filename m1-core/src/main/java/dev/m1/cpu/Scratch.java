package dev.m1.cpu;

import dev.m1.cpu.kernels.KvLayout;
import dev.m1.cpu.kernels.LinearScratch;

/** One worker's buffers. */
final class Scratch {
    final LinearScratch linear;
    final float[] span; // keys [SPAN / BLOCK, headDim, BLOCK] or values [SPAN, valueStride]
    final float[] queries; // [ROWS, headDim]
    final float[] scores; // [ROWS, scoreStride]
    final float[] sums; // [ROWS, valueStride]
    final float[] totals = new float[Attention.ROWS]; // [ROWS]
    final float[] lanes = new float[16];
    final int scoreStride; // context, rounded up to whole blocks

    Scratch(LinearScratch linear, KvLayout layout, int contextTokens) {
        this.linear = linear;
        span = new float[Attention.SPAN * layout.valueStride()];
        queries = new float[Attention.ROWS * layout.headDim()];
        scoreStride = scoreStride(contextTokens);
        scores = new float[Math.multiplyExact(Attention.ROWS, scoreStride)];
        sums = new float[Attention.ROWS * layout.valueStride()];
    }

    static int scoreStride(int contextTokens) {
        return (contextTokens + KvLayout.BLOCK - 1) / KvLayout.BLOCK * KvLayout.BLOCK;
    }
}
