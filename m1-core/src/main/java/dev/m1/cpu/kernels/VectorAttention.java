package dev.m1.cpu.kernels;

import jdk.incubator.vector.FloatVector;

/** The attention loops with vectors: 4 queries times 2 vectors, or 2 times 4, in registers. */
record VectorAttention(KvLayout layout) implements AttentionKernel {
    private static final int LENGTH = Species.HALF.length();
    private static final int BLOCK = KvLayout.BLOCK;

    @Override
    public void scores(float[] keys, int k, float[] queries, int q, float scale, float[] scores, int to, int stride) {
        int headDim = layout.headDim();
        for (int t = 0; t < BLOCK; t += 2 * LENGTH) {
            FloatVector s00 = FloatVector.zero(Species.HALF);
            FloatVector s01 = s00;
            FloatVector s10 = s00;
            FloatVector s11 = s00;
            FloatVector s20 = s00;
            FloatVector s21 = s00;
            FloatVector s30 = s00;
            FloatVector s31 = s00;
            for (int d = 0; d < headDim; d++) {
                int at = k + d * BLOCK + t;
                FloatVector v0 = FloatVector.fromArray(Species.HALF, keys, at);
                FloatVector v1 = FloatVector.fromArray(Species.HALF, keys, at + LENGTH);
                FloatVector x = FloatVector.broadcast(Species.HALF, queries[q + d]);
                s00 = x.fma(v0, s00);
                s01 = x.fma(v1, s01);
                x = FloatVector.broadcast(Species.HALF, queries[q + headDim + d]);
                s10 = x.fma(v0, s10);
                s11 = x.fma(v1, s11);
                x = FloatVector.broadcast(Species.HALF, queries[q + 2 * headDim + d]);
                s20 = x.fma(v0, s20);
                s21 = x.fma(v1, s21);
                x = FloatVector.broadcast(Species.HALF, queries[q + 3 * headDim + d]);
                s30 = x.fma(v0, s30);
                s31 = x.fma(v1, s31);
            }
            int row = to + t;
            s00.mul(scale).intoArray(scores, row);
            s01.mul(scale).intoArray(scores, row + LENGTH);
            row += stride;
            s10.mul(scale).intoArray(scores, row);
            s11.mul(scale).intoArray(scores, row + LENGTH);
            row += stride;
            s20.mul(scale).intoArray(scores, row);
            s21.mul(scale).intoArray(scores, row + LENGTH);
            row += stride;
            s30.mul(scale).intoArray(scores, row);
            s31.mul(scale).intoArray(scores, row + LENGTH);
        }
    }

    @Override
    public void mix(float[] values, int count, float[] weights, int from, int stride, float[] sums, int to) {
        int row = layout.valueStride();
        for (int d = 0; d < row; d += 2 * LENGTH) {
            int first = to + d;
            int second = first + row;
            int third = second + row;
            int fourth = third + row;
            FloatVector s00 = FloatVector.fromArray(Species.HALF, sums, first);
            FloatVector s01 = FloatVector.fromArray(Species.HALF, sums, first + LENGTH);
            FloatVector s10 = FloatVector.fromArray(Species.HALF, sums, second);
            FloatVector s11 = FloatVector.fromArray(Species.HALF, sums, second + LENGTH);
            FloatVector s20 = FloatVector.fromArray(Species.HALF, sums, third);
            FloatVector s21 = FloatVector.fromArray(Species.HALF, sums, third + LENGTH);
            FloatVector s30 = FloatVector.fromArray(Species.HALF, sums, fourth);
            FloatVector s31 = FloatVector.fromArray(Species.HALF, sums, fourth + LENGTH);
            for (int t = 0; t < count; t++) {
                int at = t * row + d;
                FloatVector v0 = FloatVector.fromArray(Species.HALF, values, at);
                FloatVector v1 = FloatVector.fromArray(Species.HALF, values, at + LENGTH);
                FloatVector x = FloatVector.broadcast(Species.HALF, weights[from + t]);
                s00 = x.fma(v0, s00);
                s01 = x.fma(v1, s01);
                x = FloatVector.broadcast(Species.HALF, weights[from + stride + t]);
                s10 = x.fma(v0, s10);
                s11 = x.fma(v1, s11);
                x = FloatVector.broadcast(Species.HALF, weights[from + 2 * stride + t]);
                s20 = x.fma(v0, s20);
                s21 = x.fma(v1, s21);
                x = FloatVector.broadcast(Species.HALF, weights[from + 3 * stride + t]);
                s30 = x.fma(v0, s30);
                s31 = x.fma(v1, s31);
            }
            s00.intoArray(sums, first);
            s01.intoArray(sums, first + LENGTH);
            s10.intoArray(sums, second);
            s11.intoArray(sums, second + LENGTH);
            s20.intoArray(sums, third);
            s21.intoArray(sums, third + LENGTH);
            s30.intoArray(sums, fourth);
            s31.intoArray(sums, fourth + LENGTH);
        }
    }

    @Override
    public void scoresOfTwo(
            float[] keys, int k, float[] queries, int q, float scale, float[] scores, int to, int stride) {
        int headDim = layout.headDim();
        for (int t = 0; t < BLOCK; t += 4 * LENGTH) {
            FloatVector s00 = FloatVector.zero(Species.HALF);
            FloatVector s01 = s00;
            FloatVector s02 = s00;
            FloatVector s03 = s00;
            FloatVector s10 = s00;
            FloatVector s11 = s00;
            FloatVector s12 = s00;
            FloatVector s13 = s00;
            for (int d = 0; d < headDim; d++) {
                int at = k + d * BLOCK + t;
                FloatVector x0 = FloatVector.broadcast(Species.HALF, queries[q + d]);
                FloatVector x1 = FloatVector.broadcast(Species.HALF, queries[q + headDim + d]);
                FloatVector v = FloatVector.fromArray(Species.HALF, keys, at);
                s00 = x0.fma(v, s00);
                s10 = x1.fma(v, s10);
                v = FloatVector.fromArray(Species.HALF, keys, at + LENGTH);
                s01 = x0.fma(v, s01);
                s11 = x1.fma(v, s11);
                v = FloatVector.fromArray(Species.HALF, keys, at + 2 * LENGTH);
                s02 = x0.fma(v, s02);
                s12 = x1.fma(v, s12);
                v = FloatVector.fromArray(Species.HALF, keys, at + 3 * LENGTH);
                s03 = x0.fma(v, s03);
                s13 = x1.fma(v, s13);
            }
            int row = to + t;
            s00.mul(scale).intoArray(scores, row);
            s01.mul(scale).intoArray(scores, row + LENGTH);
            s02.mul(scale).intoArray(scores, row + 2 * LENGTH);
            s03.mul(scale).intoArray(scores, row + 3 * LENGTH);
            row += stride;
            s10.mul(scale).intoArray(scores, row);
            s11.mul(scale).intoArray(scores, row + LENGTH);
            s12.mul(scale).intoArray(scores, row + 2 * LENGTH);
            s13.mul(scale).intoArray(scores, row + 3 * LENGTH);
        }
    }

    @Override
    public void mixOfTwo(float[] values, int count, float[] weights, int from, int stride, float[] sums, int to) {
        int row = layout.valueStride();
        if (row % (4 * LENGTH) != 0) {
            mix(values, count, weights, from, stride, sums, to);
            return;
        }
        for (int d = 0; d < row; d += 4 * LENGTH) {
            int first = to + d;
            int second = first + row;
            FloatVector s00 = FloatVector.fromArray(Species.HALF, sums, first);
            FloatVector s01 = FloatVector.fromArray(Species.HALF, sums, first + LENGTH);
            FloatVector s02 = FloatVector.fromArray(Species.HALF, sums, first + 2 * LENGTH);
            FloatVector s03 = FloatVector.fromArray(Species.HALF, sums, first + 3 * LENGTH);
            FloatVector s10 = FloatVector.fromArray(Species.HALF, sums, second);
            FloatVector s11 = FloatVector.fromArray(Species.HALF, sums, second + LENGTH);
            FloatVector s12 = FloatVector.fromArray(Species.HALF, sums, second + 2 * LENGTH);
            FloatVector s13 = FloatVector.fromArray(Species.HALF, sums, second + 3 * LENGTH);
            for (int t = 0; t < count; t++) {
                int at = t * row + d;
                FloatVector x0 = FloatVector.broadcast(Species.HALF, weights[from + t]);
                FloatVector x1 = FloatVector.broadcast(Species.HALF, weights[from + stride + t]);
                FloatVector v = FloatVector.fromArray(Species.HALF, values, at);
                s00 = x0.fma(v, s00);
                s10 = x1.fma(v, s10);
                v = FloatVector.fromArray(Species.HALF, values, at + LENGTH);
                s01 = x0.fma(v, s01);
                s11 = x1.fma(v, s11);
                v = FloatVector.fromArray(Species.HALF, values, at + 2 * LENGTH);
                s02 = x0.fma(v, s02);
                s12 = x1.fma(v, s12);
                v = FloatVector.fromArray(Species.HALF, values, at + 3 * LENGTH);
                s03 = x0.fma(v, s03);
                s13 = x1.fma(v, s13);
            }
            s00.intoArray(sums, first);
            s01.intoArray(sums, first + LENGTH);
            s02.intoArray(sums, first + 2 * LENGTH);
            s03.intoArray(sums, first + 3 * LENGTH);
            s10.intoArray(sums, second);
            s11.intoArray(sums, second + LENGTH);
            s12.intoArray(sums, second + 2 * LENGTH);
            s13.intoArray(sums, second + 3 * LENGTH);
        }
    }
}
