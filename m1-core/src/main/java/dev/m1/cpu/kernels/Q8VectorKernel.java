package dev.m1.cpu.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * 8-bit weights with vectors, bit for bit those of {@link Q8ScalarKernel}. For offsets see {@link VectorKernels}.
 */
final class Q8VectorKernel extends Q8Kernel {
    private static final int LENGTH = Species.WIDE.length();
    private static final int WIDTH = 2 * LENGTH;
    private static final int UPPER = LENGTH * Integer.BYTES; // bytes to the second half of a panel's rows
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    // The bytes of a lane, where they stand.
    private static final int B0 = 0xff;
    private static final int B1 = 0xff00;
    private static final int B2 = 0xff0000;
    private static final int B3 = 0xff000000;
    private static final int[] BYTES = {B0, B1, B2, B3};

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    int quantize(float[] slots, int[] lanes, Q8Matrix matrix, int output) {
        return Q8VectorRounding.quantize(slots, lanes, matrix, output);
    }

    @Override
    public void four(Q8Matrix matrix, int panel, int apart, LinearScratch scratch) {
        MemorySegment quants = Segments.requireAllocated(matrix.quants);
        MemorySegment scales = Segments.requireAllocated(matrix.scales);
        float[] memory = scratch.memory;
        long start = matrix.quants(panel, 0);
        long step = matrix.quants(apart, 0);
        long scale = matrix.scales(panel, 0);
        long scaleStep = matrix.scales(apart, 0);
        for (int i = 0; i < 4 * WIDTH; i += LENGTH) {
            FloatVector.zero(Species.WIDE).intoArray(memory, scratch.lanes + i);
        }
        for (int block = 0; block < matrix.blocks; block++) {
            int a = scratch.acts + block * (1 + Q8Matrix.BLOCK);
            FloatVector s00 = FloatVector.broadcast(Species.WIDE, memory[a]);
            FloatVector s01 = s00;
            FloatVector s10 = s00;
            FloatVector s11 = s00;
            FloatVector s20 = s00;
            FloatVector s21 = s00;
            FloatVector s30 = s00;
            FloatVector s31 = s00;
            a++;
            int from = block * Q8Matrix.BLOCK;
            for (int k = 0; k < Q8Matrix.BLOCK; k += 4) {
                long at = start + (long) (from + k) * WIDTH;
                FloatVector x0 = FloatVector.broadcast(Species.WIDE, memory[a + k]);
                FloatVector x1 = FloatVector.broadcast(Species.WIDE, memory[a + k + 1]);
                FloatVector x2 = FloatVector.broadcast(Species.WIDE, memory[a + k + 2]);
                FloatVector x3 = FloatVector.broadcast(Species.WIDE, memory[a + k + 3]);
                IntVector q = IntVector.fromMemorySegment(Species.WIDE_INTS, quants, at, ORDER);
                s00 = ((FloatVector) q.and(B0).convert(VectorOperators.I2F, 0)).fma(x0, s00);
                s00 = ((FloatVector) q.and(B1).convert(VectorOperators.I2F, 0)).fma(x1, s00);
                s00 = ((FloatVector) q.and(B2).convert(VectorOperators.I2F, 0)).fma(x2, s00);
                s00 = ((FloatVector) q.and(B3).convert(VectorOperators.I2F, 0)).fma(x3, s00);
                q = IntVector.fromMemorySegment(Species.WIDE_INTS, quants, at + UPPER, ORDER);
                s01 = ((FloatVector) q.and(B0).convert(VectorOperators.I2F, 0)).fma(x0, s01);
                s01 = ((FloatVector) q.and(B1).convert(VectorOperators.I2F, 0)).fma(x1, s01);
                s01 = ((FloatVector) q.and(B2).convert(VectorOperators.I2F, 0)).fma(x2, s01);
                s01 = ((FloatVector) q.and(B3).convert(VectorOperators.I2F, 0)).fma(x3, s01);
                q = IntVector.fromMemorySegment(Species.WIDE_INTS, quants, at + step, ORDER);
                s10 = ((FloatVector) q.and(B0).convert(VectorOperators.I2F, 0)).fma(x0, s10);
                s10 = ((FloatVector) q.and(B1).convert(VectorOperators.I2F, 0)).fma(x1, s10);
                s10 = ((FloatVector) q.and(B2).convert(VectorOperators.I2F, 0)).fma(x2, s10);
                s10 = ((FloatVector) q.and(B3).convert(VectorOperators.I2F, 0)).fma(x3, s10);
                q = IntVector.fromMemorySegment(Species.WIDE_INTS, quants, at + step + UPPER, ORDER);
                s11 = ((FloatVector) q.and(B0).convert(VectorOperators.I2F, 0)).fma(x0, s11);
                s11 = ((FloatVector) q.and(B1).convert(VectorOperators.I2F, 0)).fma(x1, s11);
                s11 = ((FloatVector) q.and(B2).convert(VectorOperators.I2F, 0)).fma(x2, s11);
                s11 = ((FloatVector) q.and(B3).convert(VectorOperators.I2F, 0)).fma(x3, s11);
                q = IntVector.fromMemorySegment(Species.WIDE_INTS, quants, at + 2 * step, ORDER);
                s20 = ((FloatVector) q.and(B0).convert(VectorOperators.I2F, 0)).fma(x0, s20);
                s20 = ((FloatVector) q.and(B1).convert(VectorOperators.I2F, 0)).fma(x1, s20);
                s20 = ((FloatVector) q.and(B2).convert(VectorOperators.I2F, 0)).fma(x2, s20);
                s20 = ((FloatVector) q.and(B3).convert(VectorOperators.I2F, 0)).fma(x3, s20);
                q = IntVector.fromMemorySegment(Species.WIDE_INTS, quants, at + 2 * step + UPPER, ORDER);
                s21 = ((FloatVector) q.and(B0).convert(VectorOperators.I2F, 0)).fma(x0, s21);
                s21 = ((FloatVector) q.and(B1).convert(VectorOperators.I2F, 0)).fma(x1, s21);
                s21 = ((FloatVector) q.and(B2).convert(VectorOperators.I2F, 0)).fma(x2, s21);
                s21 = ((FloatVector) q.and(B3).convert(VectorOperators.I2F, 0)).fma(x3, s21);
                q = IntVector.fromMemorySegment(Species.WIDE_INTS, quants, at + 3 * step, ORDER);
                s30 = ((FloatVector) q.and(B0).convert(VectorOperators.I2F, 0)).fma(x0, s30);
                s30 = ((FloatVector) q.and(B1).convert(VectorOperators.I2F, 0)).fma(x1, s30);
                s30 = ((FloatVector) q.and(B2).convert(VectorOperators.I2F, 0)).fma(x2, s30);
                s30 = ((FloatVector) q.and(B3).convert(VectorOperators.I2F, 0)).fma(x3, s30);
                q = IntVector.fromMemorySegment(Species.WIDE_INTS, quants, at + 3 * step + UPPER, ORDER);
                s31 = ((FloatVector) q.and(B0).convert(VectorOperators.I2F, 0)).fma(x0, s31);
                s31 = ((FloatVector) q.and(B1).convert(VectorOperators.I2F, 0)).fma(x1, s31);
                s31 = ((FloatVector) q.and(B2).convert(VectorOperators.I2F, 0)).fma(x2, s31);
                s31 = ((FloatVector) q.and(B3).convert(VectorOperators.I2F, 0)).fma(x3, s31);
            }
            long at = scale + (long) block * (WIDTH * Float.BYTES);
            int to = scratch.lanes;
            FloatVector c = FloatVector.fromMemorySegment(Species.WIDE, scales, at, ORDER);
            s00.fma(c, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            c = FloatVector.fromMemorySegment(Species.WIDE, scales, at + UPPER, ORDER);
            s01.fma(c, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            c = FloatVector.fromMemorySegment(Species.WIDE, scales, at + scaleStep, ORDER);
            s10.fma(c, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            c = FloatVector.fromMemorySegment(Species.WIDE, scales, at + scaleStep + UPPER, ORDER);
            s11.fma(c, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            c = FloatVector.fromMemorySegment(Species.WIDE, scales, at + 2 * scaleStep, ORDER);
            s20.fma(c, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            c = FloatVector.fromMemorySegment(Species.WIDE, scales, at + 2 * scaleStep + UPPER, ORDER);
            s21.fma(c, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            c = FloatVector.fromMemorySegment(Species.WIDE, scales, at + 3 * scaleStep, ORDER);
            s30.fma(c, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            c = FloatVector.fromMemorySegment(Species.WIDE, scales, at + 3 * scaleStep + UPPER, ORDER);
            s31.fma(c, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
        }
    }

    /** Eight sums in registers, as in {@link #tile}; a lane is loaded for each of its bytes. */
    @Override
    void few(Q8Matrix matrix, int panel, int firstBlock, int blocks, float[] memory, int acts, int totals) {
        MemorySegment quants = Segments.requireAllocated(matrix.quants);
        MemorySegment scales = Segments.requireAllocated(matrix.scales);
        long start = matrix.quants(panel, 0);
        long scale = matrix.scales(panel, firstBlock);
        for (int block = 0; block < blocks; block++) {
            int a = acts + block * (1 + Q8Matrix.BLOCK) * 4;
            FloatVector s00 = FloatVector.broadcast(Species.WIDE, memory[a]);
            FloatVector s10 = FloatVector.broadcast(Species.WIDE, memory[a + 1]);
            FloatVector s20 = FloatVector.broadcast(Species.WIDE, memory[a + 2]);
            FloatVector s30 = FloatVector.broadcast(Species.WIDE, memory[a + 3]);
            FloatVector s01 = s00;
            FloatVector s11 = s10;
            FloatVector s21 = s20;
            FloatVector s31 = s30;
            a += 4;
            int from = (firstBlock + block) * Q8Matrix.BLOCK;
            for (int k = 0; k < Q8Matrix.BLOCK; k++) {
                long at = start + (long) (from + k >> 2) * (WIDTH * Integer.BYTES);
                IntVector mask = IntVector.broadcast(Species.WIDE_INTS, BYTES[k & 3]);
                FloatVector w0 = (FloatVector) IntVector.fromMemorySegment(Species.WIDE_INTS, quants, at, ORDER)
                        .and(mask)
                        .convert(VectorOperators.I2F, 0);
                FloatVector w1 = (FloatVector) IntVector.fromMemorySegment(Species.WIDE_INTS, quants, at + UPPER, ORDER)
                        .and(mask)
                        .convert(VectorOperators.I2F, 0);
                FloatVector x = FloatVector.broadcast(Species.WIDE, memory[a + 4 * k]);
                s00 = w0.fma(x, s00);
                s01 = w1.fma(x, s01);
                x = FloatVector.broadcast(Species.WIDE, memory[a + 4 * k + 1]);
                s10 = w0.fma(x, s10);
                s11 = w1.fma(x, s11);
                x = FloatVector.broadcast(Species.WIDE, memory[a + 4 * k + 2]);
                s20 = w0.fma(x, s20);
                s21 = w1.fma(x, s21);
                x = FloatVector.broadcast(Species.WIDE, memory[a + 4 * k + 3]);
                s30 = w0.fma(x, s30);
                s31 = w1.fma(x, s31);
            }
            long at = scale + (long) block * (WIDTH * Float.BYTES);
            FloatVector c0 = FloatVector.fromMemorySegment(Species.WIDE, scales, at, ORDER);
            FloatVector c1 = FloatVector.fromMemorySegment(Species.WIDE, scales, at + UPPER, ORDER);
            int to = totals;
            s00.fma(c0, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            s01.fma(c1, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            s10.fma(c0, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            s11.fma(c1, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            s20.fma(c0, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            s21.fma(c1, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            s30.fma(c0, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            s31.fma(c1, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
        }
    }

    @Override
    void unpack(Q8Matrix matrix, int panel, int firstBlock, int blocks, LinearScratch scratch) {
        MemorySegment quants = Segments.requireAllocated(matrix.quants);
        MemorySegment scales = Segments.requireAllocated(matrix.scales);
        float[] memory = scratch.memory;
        long start = matrix.quants(panel, 0);
        int from = firstBlock * Q8Matrix.STEPS;
        int to = scratch.panel;
        for (int i = 0; i < blocks * Q8Matrix.STEPS; i++) {
            int at = to + i * 4 * WIDTH;
            IntVector q = IntVector.fromMemorySegment(
                    Species.WIDE_INTS, quants, start + (long) (from + i) * (WIDTH * Integer.BYTES), ORDER);
            ((FloatVector) q.and(B0).convert(VectorOperators.I2F, 0)).intoArray(memory, at);
            ((FloatVector) q.and(B1).convert(VectorOperators.I2F, 0)).intoArray(memory, at + WIDTH);
            ((FloatVector) q.and(B2).convert(VectorOperators.I2F, 0)).intoArray(memory, at + 2 * WIDTH);
            ((FloatVector) q.and(B3).convert(VectorOperators.I2F, 0)).intoArray(memory, at + 3 * WIDTH);
            at += LENGTH;
            q = IntVector.fromMemorySegment(
                    Species.WIDE_INTS, quants, start + UPPER + (long) (from + i) * (WIDTH * Integer.BYTES), ORDER);
            ((FloatVector) q.and(B0).convert(VectorOperators.I2F, 0)).intoArray(memory, at);
            ((FloatVector) q.and(B1).convert(VectorOperators.I2F, 0)).intoArray(memory, at + WIDTH);
            ((FloatVector) q.and(B2).convert(VectorOperators.I2F, 0)).intoArray(memory, at + 2 * WIDTH);
            ((FloatVector) q.and(B3).convert(VectorOperators.I2F, 0)).intoArray(memory, at + 3 * WIDTH);
        }
        long scale = matrix.scales(panel, firstBlock);
        to += blocks * Q8Matrix.BLOCK * WIDTH;
        for (int i = 0; i < blocks * WIDTH; i += LENGTH) {
            FloatVector.fromMemorySegment(Species.WIDE, scales, scale + 4L * i, ORDER)
                    .intoArray(memory, to + i);
        }
    }

    /** Eight sums in registers: with ten the compiler, which loads ahead, already spills on AVX2. */
    @Override
    void tile(int blocks, LinearScratch scratch, int acts, int totals) {
        float[] memory = scratch.memory;
        int scales = scratch.panel + blocks * Q8Matrix.BLOCK * WIDTH;
        for (int block = 0; block < blocks; block++, scales += WIDTH) {
            int a = acts + block * (1 + Q8Matrix.BLOCK) * 4;
            int w = scratch.panel + block * Q8Matrix.BLOCK * WIDTH;
            FloatVector s00 = FloatVector.broadcast(Species.WIDE, memory[a]);
            FloatVector s10 = FloatVector.broadcast(Species.WIDE, memory[a + 1]);
            FloatVector s20 = FloatVector.broadcast(Species.WIDE, memory[a + 2]);
            FloatVector s30 = FloatVector.broadcast(Species.WIDE, memory[a + 3]);
            FloatVector s01 = s00;
            FloatVector s11 = s10;
            FloatVector s21 = s20;
            FloatVector s31 = s30;
            a += 4;
            for (int k = 0; k < Q8Matrix.BLOCK; k++) {
                FloatVector w0 = FloatVector.fromArray(Species.WIDE, memory, w + k * WIDTH);
                FloatVector w1 = FloatVector.fromArray(Species.WIDE, memory, w + k * WIDTH + LENGTH);
                FloatVector x = FloatVector.broadcast(Species.WIDE, memory[a + 4 * k]);
                s00 = w0.fma(x, s00);
                s01 = w1.fma(x, s01);
                x = FloatVector.broadcast(Species.WIDE, memory[a + 4 * k + 1]);
                s10 = w0.fma(x, s10);
                s11 = w1.fma(x, s11);
                x = FloatVector.broadcast(Species.WIDE, memory[a + 4 * k + 2]);
                s20 = w0.fma(x, s20);
                s21 = w1.fma(x, s21);
                x = FloatVector.broadcast(Species.WIDE, memory[a + 4 * k + 3]);
                s30 = w0.fma(x, s30);
                s31 = w1.fma(x, s31);
            }
            FloatVector c0 = FloatVector.fromArray(Species.WIDE, memory, scales);
            FloatVector c1 = FloatVector.fromArray(Species.WIDE, memory, scales + LENGTH);
            int to = totals;
            s00.fma(c0, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            s01.fma(c1, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            s10.fma(c0, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            s11.fma(c1, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            s20.fma(c0, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            s21.fma(c1, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            s30.fma(c0, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
            to += LENGTH;
            s31.fma(c1, FloatVector.fromArray(Species.WIDE, memory, to)).intoArray(memory, to);
        }
    }
}
