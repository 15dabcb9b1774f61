package dev.m1.cpu.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The attention loops over a cache of bfloat16: a 32-bit lane holds two elements that belong to two vectors 8
 * apart. For offsets see {@link VectorKernels}.
 */
final class Bf16VectorKv extends ScalarKv {
    private static final int LENGTH = Species.HALF.length();
    private static final int APART = 8; // elements between the two of a lane
    private static final int ODD = 0xffff0000;
    private static final long ROW = (long) KvLayout.BLOCK * Short.BYTES; // bytes of one element of all the block's keys

    Bf16VectorKv(KvLayout layout) {
        super(layout, KvElements.BF16);
    }

    @Override
    public void scores(
            MemorySegment pool, long chunk, float[] queries, float scale, float[] scores, int from, int stride) {
        if (pool.getClass() != Segments.ALLOCATED) {
            throw Segments.unexpected(pool);
        }
        int headDim = layout.headDim();
        for (int i = 0; i < KvLayout.BLOCK / 2; i += LENGTH) {
            int t = first(i);
            long start = chunk + (long) i * Integer.BYTES - from * ROW;
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
                IntVector pair = IntVector.fromMemorySegment(Species.INTS, pool, at, ByteOrder.LITTLE_ENDIAN);
                FloatVector k0 = pair.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
                FloatVector k1 = pair.and(ODD).reinterpretAsFloats();
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
            s01.mul(scale).intoArray(scores, to + APART);
            s10.mul(scale).intoArray(scores, to + stride);
            s11.mul(scale).intoArray(scores, to + stride + APART);
            s20.mul(scale).intoArray(scores, to + 2 * stride);
            s21.mul(scale).intoArray(scores, to + 2 * stride + APART);
            s30.mul(scale).intoArray(scores, to + 3 * stride);
            s31.mul(scale).intoArray(scores, to + 3 * stride + APART);
        }
    }

    @Override
    public void mix(MemorySegment pool, long chunk, int count, float[] weights, int from, int stride, float[] sums) {
        if (pool.getClass() != Segments.ALLOCATED) {
            throw Segments.unexpected(pool);
        }
        int row = layout.valueStride();
        long rowBytes = (long) row * Short.BYTES;
        for (int i = 0; i < row / 2; i += LENGTH) {
            int d = first(i);
            int e = d + APART;
            long start = chunk + (long) i * Integer.BYTES - from * rowBytes;
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
                IntVector pair = IntVector.fromMemorySegment(Species.INTS, pool, at, ByteOrder.LITTLE_ENDIAN);
                FloatVector v0 = pair.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
                FloatVector v1 = pair.and(ODD).reinterpretAsFloats();
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

    /** The element in the lower half of a chunk's {@code i}-th 32 bits. */
    private static int first(int i) {
        return i / APART * 2 * APART + i % APART;
    }
}
