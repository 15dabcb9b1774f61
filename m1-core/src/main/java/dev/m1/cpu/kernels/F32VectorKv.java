package dev.m1.cpu.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * The attention loops over a cache of floats: 4 queries times 2 vectors, or 2 times 4, in registers. For offsets
 * see {@link VectorKernels}.
 */
final class F32VectorKv extends ScalarKv {
    private static final int LENGTH = Species.HALF.length();
    private static final long VECTOR = (long) LENGTH * Float.BYTES;
    private static final long ROW = (long) KvLayout.BLOCK * Float.BYTES; // bytes of one element of all the block's keys

    F32VectorKv(KvLayout layout) {
        super(layout, KvElements.F32);
    }

    @Override
    public void scores(
            MemorySegment pool, long chunk, float[] queries, float scale, float[] scores, int from, int stride) {
        if (pool.getClass() != Segments.ALLOCATED) {
            throw Segments.unexpected(pool);
        }
        int headDim = layout.headDim();
        for (int t = 0; t < KvLayout.BLOCK; t += 2 * LENGTH) {
            long start = chunk + (long) t * Float.BYTES - from * ROW;
            FloatVector s00 = FloatVector.zero(Species.HALF);
            FloatVector s01 = s00;
            FloatVector s10 = s00;
            FloatVector s11 = s00;
            FloatVector s20 = s00;
            FloatVector s21 = s00;
            FloatVector s30 = s00;
            FloatVector s31 = s00;
            for (int d = 0; d < headDim; d++) {
                long at = start + (from + d) * ROW;
                FloatVector k0 = FloatVector.fromMemorySegment(Species.HALF, pool, at, ByteOrder.LITTLE_ENDIAN);
                FloatVector k1 =
                        FloatVector.fromMemorySegment(Species.HALF, pool, at + VECTOR, ByteOrder.LITTLE_ENDIAN);
                FloatVector q = FloatVector.broadcast(Species.HALF, queries[d]);
                s00 = q.fma(k0, s00);
                s01 = q.fma(k1, s01);
                q = FloatVector.broadcast(Species.HALF, queries[d + headDim]);
                s10 = q.fma(k0, s10);
                s11 = q.fma(k1, s11);
                q = FloatVector.broadcast(Species.HALF, queries[d + 2 * headDim]);
                s20 = q.fma(k0, s20);
                s21 = q.fma(k1, s21);
                q = FloatVector.broadcast(Species.HALF, queries[d + 3 * headDim]);
                s30 = q.fma(k0, s30);
                s31 = q.fma(k1, s31);
            }
            int to = from + t;
            s00.mul(scale).intoArray(scores, to);
            s01.mul(scale).intoArray(scores, to + LENGTH);
            s10.mul(scale).intoArray(scores, to + stride);
            s11.mul(scale).intoArray(scores, to + stride + LENGTH);
            s20.mul(scale).intoArray(scores, to + 2 * stride);
            s21.mul(scale).intoArray(scores, to + 2 * stride + LENGTH);
            s30.mul(scale).intoArray(scores, to + 3 * stride);
            s31.mul(scale).intoArray(scores, to + 3 * stride + LENGTH);
        }
    }

    @Override
    public void mix(MemorySegment pool, long chunk, int count, float[] weights, int from, int stride, float[] sums) {
        if (pool.getClass() != Segments.ALLOCATED) {
            throw Segments.unexpected(pool);
        }
        int row = layout.valueStride();
        long rowBytes = (long) row * Float.BYTES;
        for (int d = 0; d < row; d += 2 * LENGTH) {
            long start = chunk + (long) d * Float.BYTES - from * rowBytes;
            int e = d + LENGTH;
            FloatVector s00 = FloatVector.fromArray(Species.HALF, sums, d);
            FloatVector s01 = FloatVector.fromArray(Species.HALF, sums, e);
            FloatVector s10 = FloatVector.fromArray(Species.HALF, sums, d + row);
            FloatVector s11 = FloatVector.fromArray(Species.HALF, sums, e + row);
            FloatVector s20 = FloatVector.fromArray(Species.HALF, sums, d + 2 * row);
            FloatVector s21 = FloatVector.fromArray(Species.HALF, sums, e + 2 * row);
            FloatVector s30 = FloatVector.fromArray(Species.HALF, sums, d + 3 * row);
            FloatVector s31 = FloatVector.fromArray(Species.HALF, sums, e + 3 * row);
            for (int t = 0; t < count; t++) {
                long at = start + (from + t) * rowBytes;
                FloatVector v0 = FloatVector.fromMemorySegment(Species.HALF, pool, at, ByteOrder.LITTLE_ENDIAN);
                FloatVector v1 =
                        FloatVector.fromMemorySegment(Species.HALF, pool, at + VECTOR, ByteOrder.LITTLE_ENDIAN);
                FloatVector w = FloatVector.broadcast(Species.HALF, weights[from + t]);
                s00 = w.fma(v0, s00);
                s01 = w.fma(v1, s01);
                w = FloatVector.broadcast(Species.HALF, weights[from + t + stride]);
                s10 = w.fma(v0, s10);
                s11 = w.fma(v1, s11);
                w = FloatVector.broadcast(Species.HALF, weights[from + t + 2 * stride]);
                s20 = w.fma(v0, s20);
                s21 = w.fma(v1, s21);
                w = FloatVector.broadcast(Species.HALF, weights[from + t + 3 * stride]);
                s30 = w.fma(v0, s30);
                s31 = w.fma(v1, s31);
            }
            s00.intoArray(sums, d);
            s01.intoArray(sums, e);
            s10.intoArray(sums, d + row);
            s11.intoArray(sums, e + row);
            s20.intoArray(sums, d + 2 * row);
            s21.intoArray(sums, e + 2 * row);
            s30.intoArray(sums, d + 3 * row);
            s31.intoArray(sums, e + 3 * row);
        }
    }

    @Override
    public void scoresOfTwo(
            MemorySegment pool, long chunk, float[] queries, float scale, float[] scores, int from, int stride) {
        if (pool.getClass() != Segments.ALLOCATED) {
            throw Segments.unexpected(pool);
        }
        int headDim = layout.headDim();
        for (int t = 0; t < KvLayout.BLOCK; t += 4 * LENGTH) {
            long start = chunk + (long) t * Float.BYTES - from * ROW;
            FloatVector s00 = FloatVector.zero(Species.HALF);
            FloatVector s01 = s00;
            FloatVector s02 = s00;
            FloatVector s03 = s00;
            FloatVector s10 = s00;
            FloatVector s11 = s00;
            FloatVector s12 = s00;
            FloatVector s13 = s00;
            for (int d = 0; d < headDim; d++) {
                long at = start + (from + d) * ROW;
                FloatVector q0 = FloatVector.broadcast(Species.HALF, queries[d]);
                FloatVector q1 = FloatVector.broadcast(Species.HALF, queries[d + headDim]);
                FloatVector k = FloatVector.fromMemorySegment(Species.HALF, pool, at, ByteOrder.LITTLE_ENDIAN);
                s00 = q0.fma(k, s00);
                s10 = q1.fma(k, s10);
                k = FloatVector.fromMemorySegment(Species.HALF, pool, at + VECTOR, ByteOrder.LITTLE_ENDIAN);
                s01 = q0.fma(k, s01);
                s11 = q1.fma(k, s11);
                k = FloatVector.fromMemorySegment(Species.HALF, pool, at + 2 * VECTOR, ByteOrder.LITTLE_ENDIAN);
                s02 = q0.fma(k, s02);
                s12 = q1.fma(k, s12);
                k = FloatVector.fromMemorySegment(Species.HALF, pool, at + 3 * VECTOR, ByteOrder.LITTLE_ENDIAN);
                s03 = q0.fma(k, s03);
                s13 = q1.fma(k, s13);
            }
            int to = from + t;
            s00.mul(scale).intoArray(scores, to);
            s01.mul(scale).intoArray(scores, to + LENGTH);
            s02.mul(scale).intoArray(scores, to + 2 * LENGTH);
            s03.mul(scale).intoArray(scores, to + 3 * LENGTH);
            to += stride;
            s10.mul(scale).intoArray(scores, to);
            s11.mul(scale).intoArray(scores, to + LENGTH);
            s12.mul(scale).intoArray(scores, to + 2 * LENGTH);
            s13.mul(scale).intoArray(scores, to + 3 * LENGTH);
        }
    }

    @Override
    public void mixOfTwo(
            MemorySegment pool, long chunk, int count, float[] weights, int from, int stride, float[] sums) {
        if (pool.getClass() != Segments.ALLOCATED) {
            throw Segments.unexpected(pool);
        }
        int row = layout.valueStride();
        if (row % (4 * LENGTH) != 0) {
            mix(pool, chunk, count, weights, from, stride, sums);
            return;
        }
        long rowBytes = (long) row * Float.BYTES;
        for (int d = 0; d < row; d += 4 * LENGTH) {
            long start = chunk + (long) d * Float.BYTES - from * rowBytes;
            int e = d + row;
            FloatVector s00 = FloatVector.fromArray(Species.HALF, sums, d);
            FloatVector s01 = FloatVector.fromArray(Species.HALF, sums, d + LENGTH);
            FloatVector s02 = FloatVector.fromArray(Species.HALF, sums, d + 2 * LENGTH);
            FloatVector s03 = FloatVector.fromArray(Species.HALF, sums, d + 3 * LENGTH);
            FloatVector s10 = FloatVector.fromArray(Species.HALF, sums, e);
            FloatVector s11 = FloatVector.fromArray(Species.HALF, sums, e + LENGTH);
            FloatVector s12 = FloatVector.fromArray(Species.HALF, sums, e + 2 * LENGTH);
            FloatVector s13 = FloatVector.fromArray(Species.HALF, sums, e + 3 * LENGTH);
            for (int t = 0; t < count; t++) {
                long at = start + (from + t) * rowBytes;
                FloatVector w0 = FloatVector.broadcast(Species.HALF, weights[from + t]);
                FloatVector w1 = FloatVector.broadcast(Species.HALF, weights[from + t + stride]);
                FloatVector v = FloatVector.fromMemorySegment(Species.HALF, pool, at, ByteOrder.LITTLE_ENDIAN);
                s00 = w0.fma(v, s00);
                s10 = w1.fma(v, s10);
                v = FloatVector.fromMemorySegment(Species.HALF, pool, at + VECTOR, ByteOrder.LITTLE_ENDIAN);
                s01 = w0.fma(v, s01);
                s11 = w1.fma(v, s11);
                v = FloatVector.fromMemorySegment(Species.HALF, pool, at + 2 * VECTOR, ByteOrder.LITTLE_ENDIAN);
                s02 = w0.fma(v, s02);
                s12 = w1.fma(v, s12);
                v = FloatVector.fromMemorySegment(Species.HALF, pool, at + 3 * VECTOR, ByteOrder.LITTLE_ENDIAN);
                s03 = w0.fma(v, s03);
                s13 = w1.fma(v, s13);
            }
            s00.intoArray(sums, d);
            s01.intoArray(sums, d + LENGTH);
            s02.intoArray(sums, d + 2 * LENGTH);
            s03.intoArray(sums, d + 3 * LENGTH);
            s10.intoArray(sums, e);
            s11.intoArray(sums, e + LENGTH);
            s12.intoArray(sums, e + 2 * LENGTH);
            s13.intoArray(sums, e + 3 * LENGTH);
        }
    }
}
