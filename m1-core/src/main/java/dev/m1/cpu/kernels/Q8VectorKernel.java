package dev.m1.cpu.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * 8-bit weights with vectors, bit for bit those of {@link Q8ScalarKernel}; a panel is as wide as a vector. For
 * offsets see {@link VectorKernels}.
 */
final class Q8VectorKernel extends Q8Kernel {
    private static final int WIDTH = Species.WIDE.length();
    private static final int HALF = Species.HALF.length();
    private static final int UNPACKED = Q8Matrix.BLOCK * 2 * WIDTH; // floats of a block of two panels
    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    // The bytes of a lane, where they stand.
    private static final int B0 = 0xff;
    private static final int B1 = 0xff00;
    private static final int B2 = 0xff0000;
    private static final int B3 = 0xff000000;

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    int quantize(float[] slots, int[] lanes, Q8Matrix matrix, int output) {
        for (int block = 0; block < matrix.blocks; block++) {
            int from = block * Q8Matrix.BLOCK;
            IntVector magnitude = IntVector.zero(Species.INTS);
            for (int i = from; i < from + Q8Matrix.BLOCK; i += HALF) {
                magnitude = magnitude.max(FloatVector.fromArray(Species.HALF, slots, i)
                        .reinterpretAsInts()
                        .and(Q8ScalarKernel.MAGNITUDE));
            }
            int largest = magnitude.reduceLanes(VectorOperators.MAX);
            if (largest >= Q8ScalarKernel.INFINITE) {
                return from;
            }
            float scale = Q8ScalarKernel.scale(largest);
            for (int j = 0; j < Q8Matrix.STEPS; j += HALF) {
                int at = from + j;
                IntVector q0 = FloatVector.fromArray(Species.HALF, slots, at)
                        .div(scale)
                        .add(Q8ScalarKernel.ROUND)
                        .reinterpretAsInts()
                        .and(B0);
                IntVector q1 = FloatVector.fromArray(Species.HALF, slots, at + 8)
                        .div(scale)
                        .add(Q8ScalarKernel.ROUND)
                        .reinterpretAsInts()
                        .and(B0);
                IntVector q2 = FloatVector.fromArray(Species.HALF, slots, at + 16)
                        .div(scale)
                        .add(Q8ScalarKernel.ROUND)
                        .reinterpretAsInts()
                        .and(B0);
                IntVector q3 = FloatVector.fromArray(Species.HALF, slots, at + 24)
                        .div(scale)
                        .add(Q8ScalarKernel.ROUND)
                        .reinterpretAsInts();
                q0.or(q1.lanewise(VectorOperators.LSHL, 8))
                        .or(q2.lanewise(VectorOperators.LSHL, 16))
                        .or(q3.lanewise(VectorOperators.LSHL, 24))
                        .lanewise(VectorOperators.XOR, Q8Matrix.EXCESSES)
                        .intoArray(lanes, j);
            }
            Q8ScalarKernel.store(lanes, scale, matrix, output, block);
        }
        return -1;
    }

    @Override
    public void four(Q8Matrix matrix, int panel, int apart, float[] memory, int acts, int totals) {
        MemorySegment quants = Segments.requireAllocated(matrix.quants);
        MemorySegment scales = Segments.requireAllocated(matrix.scales);
        long start = matrix.quants(panel, 0);
        long step = matrix.quants(apart, 0);
        long scale = matrix.scales(panel, 0);
        long scaleStep = matrix.scales(apart, 0);
        for (int i = totals; i < totals + 4 * WIDTH; i += WIDTH) {
            FloatVector.zero(Species.WIDE).intoArray(memory, i);
        }
        for (int block = 0; block < matrix.blocks; block++) {
            int a = acts + block * (1 + Q8Matrix.BLOCK);
            FloatVector s0 = FloatVector.broadcast(Species.WIDE, memory[a]);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            a++;
            int from = block * Q8Matrix.BLOCK;
            for (int k = 0; k < Q8Matrix.BLOCK; k += 4) {
                long at = start + (long) (from + k) * WIDTH;
                FloatVector x0 = FloatVector.broadcast(Species.WIDE, memory[a + k]);
                FloatVector x1 = FloatVector.broadcast(Species.WIDE, memory[a + k + 1]);
                FloatVector x2 = FloatVector.broadcast(Species.WIDE, memory[a + k + 2]);
                FloatVector x3 = FloatVector.broadcast(Species.WIDE, memory[a + k + 3]);
                IntVector q = IntVector.fromMemorySegment(Species.WIDE_INTS, quants, at, ORDER);
                s0 = ((FloatVector) q.and(B0).convert(VectorOperators.I2F, 0)).fma(x0, s0);
                s0 = ((FloatVector) q.and(B1).convert(VectorOperators.I2F, 0)).fma(x1, s0);
                s0 = ((FloatVector) q.and(B2).convert(VectorOperators.I2F, 0)).fma(x2, s0);
                s0 = ((FloatVector) q.and(B3).convert(VectorOperators.I2F, 0)).fma(x3, s0);
                q = IntVector.fromMemorySegment(Species.WIDE_INTS, quants, at + step, ORDER);
                s1 = ((FloatVector) q.and(B0).convert(VectorOperators.I2F, 0)).fma(x0, s1);
                s1 = ((FloatVector) q.and(B1).convert(VectorOperators.I2F, 0)).fma(x1, s1);
                s1 = ((FloatVector) q.and(B2).convert(VectorOperators.I2F, 0)).fma(x2, s1);
                s1 = ((FloatVector) q.and(B3).convert(VectorOperators.I2F, 0)).fma(x3, s1);
                q = IntVector.fromMemorySegment(Species.WIDE_INTS, quants, at + 2 * step, ORDER);
                s2 = ((FloatVector) q.and(B0).convert(VectorOperators.I2F, 0)).fma(x0, s2);
                s2 = ((FloatVector) q.and(B1).convert(VectorOperators.I2F, 0)).fma(x1, s2);
                s2 = ((FloatVector) q.and(B2).convert(VectorOperators.I2F, 0)).fma(x2, s2);
                s2 = ((FloatVector) q.and(B3).convert(VectorOperators.I2F, 0)).fma(x3, s2);
                q = IntVector.fromMemorySegment(Species.WIDE_INTS, quants, at + 3 * step, ORDER);
                s3 = ((FloatVector) q.and(B0).convert(VectorOperators.I2F, 0)).fma(x0, s3);
                s3 = ((FloatVector) q.and(B1).convert(VectorOperators.I2F, 0)).fma(x1, s3);
                s3 = ((FloatVector) q.and(B2).convert(VectorOperators.I2F, 0)).fma(x2, s3);
                s3 = ((FloatVector) q.and(B3).convert(VectorOperators.I2F, 0)).fma(x3, s3);
            }
            long at = scale + (long) block * WIDTH * Float.BYTES;
            s0.fma(
                            FloatVector.fromMemorySegment(Species.WIDE, scales, at, ORDER),
                            FloatVector.fromArray(Species.WIDE, memory, totals))
                    .intoArray(memory, totals);
            s1.fma(
                            FloatVector.fromMemorySegment(Species.WIDE, scales, at + scaleStep, ORDER),
                            FloatVector.fromArray(Species.WIDE, memory, totals + WIDTH))
                    .intoArray(memory, totals + WIDTH);
            s2.fma(
                            FloatVector.fromMemorySegment(Species.WIDE, scales, at + 2 * scaleStep, ORDER),
                            FloatVector.fromArray(Species.WIDE, memory, totals + 2 * WIDTH))
                    .intoArray(memory, totals + 2 * WIDTH);
            s3.fma(
                            FloatVector.fromMemorySegment(Species.WIDE, scales, at + 3 * scaleStep, ORDER),
                            FloatVector.fromArray(Species.WIDE, memory, totals + 3 * WIDTH))
                    .intoArray(memory, totals + 3 * WIDTH);
        }
    }

    @Override
    public void unpack(Q8Matrix matrix, int panel, int second, int firstBlock, int blocks, float[] memory, int to) {
        MemorySegment quants = Segments.requireAllocated(matrix.quants);
        MemorySegment scales = Segments.requireAllocated(matrix.scales);
        for (int p = 0; p < 2; p++) {
            int from = p == 0 ? panel : second;
            long scale = matrix.scales(from, firstBlock);
            long start = matrix.quants(from, firstBlock) - to;
            int at = to + p * WIDTH;
            for (int i = 0; i < blocks * Q8Matrix.BLOCK * WIDTH; i += 4 * WIDTH, at += 8 * WIDTH) {
                IntVector q = IntVector.fromMemorySegment(Species.WIDE_INTS, quants, start + (to + i), ORDER);
                ((FloatVector) q.and(B0).convert(VectorOperators.I2F, 0)).intoArray(memory, at);
                ((FloatVector) q.and(B1).convert(VectorOperators.I2F, 0)).intoArray(memory, at + 2 * WIDTH);
                ((FloatVector) q.and(B2).convert(VectorOperators.I2F, 0)).intoArray(memory, at + 4 * WIDTH);
                ((FloatVector) q.and(B3).convert(VectorOperators.I2F, 0)).intoArray(memory, at + 6 * WIDTH);
            }
            for (int i = 0; i < blocks * WIDTH; i += WIDTH, at += 2 * WIDTH) {
                FloatVector.fromMemorySegment(Species.WIDE, scales, scale + 4L * i, ORDER)
                        .intoArray(memory, at);
            }
        }
    }

    /** Eight sums in registers: with ten the compiler, which loads ahead, already spills on AVX2. */
    @Override
    public void tile(float[] memory, int unpacked, int blocks, int acts, int totals) {
        int second = totals + 4 * WIDTH;
        int scales = unpacked + blocks * UNPACKED;
        for (int block = 0; block < blocks; block++, scales += 2 * WIDTH) {
            int a = acts + block * (1 + Q8Matrix.BLOCK) * 4;
            int w = unpacked + block * UNPACKED;
            FloatVector s00 = FloatVector.broadcast(Species.WIDE, memory[a]);
            FloatVector s01 = FloatVector.broadcast(Species.WIDE, memory[a + 1]);
            FloatVector s02 = FloatVector.broadcast(Species.WIDE, memory[a + 2]);
            FloatVector s03 = FloatVector.broadcast(Species.WIDE, memory[a + 3]);
            FloatVector s10 = s00;
            FloatVector s11 = s01;
            FloatVector s12 = s02;
            FloatVector s13 = s03;
            a += 4;
            for (int k = 0; k < Q8Matrix.BLOCK; k++) {
                FloatVector w0 = FloatVector.fromArray(Species.WIDE, memory, w + k * 2 * WIDTH);
                FloatVector w1 = FloatVector.fromArray(Species.WIDE, memory, w + k * 2 * WIDTH + WIDTH);
                FloatVector x = FloatVector.broadcast(Species.WIDE, memory[a + 4 * k]);
                s00 = w0.fma(x, s00);
                s10 = w1.fma(x, s10);
                x = FloatVector.broadcast(Species.WIDE, memory[a + 4 * k + 1]);
                s01 = w0.fma(x, s01);
                s11 = w1.fma(x, s11);
                x = FloatVector.broadcast(Species.WIDE, memory[a + 4 * k + 2]);
                s02 = w0.fma(x, s02);
                s12 = w1.fma(x, s12);
                x = FloatVector.broadcast(Species.WIDE, memory[a + 4 * k + 3]);
                s03 = w0.fma(x, s03);
                s13 = w1.fma(x, s13);
            }
            FloatVector c = FloatVector.fromArray(Species.WIDE, memory, scales);
            s00.fma(c, FloatVector.fromArray(Species.WIDE, memory, totals)).intoArray(memory, totals);
            s01.fma(c, FloatVector.fromArray(Species.WIDE, memory, totals + WIDTH)).intoArray(memory, totals + WIDTH);
            s02.fma(c, FloatVector.fromArray(Species.WIDE, memory, totals + 2 * WIDTH))
                    .intoArray(memory, totals + 2 * WIDTH);
            s03.fma(c, FloatVector.fromArray(Species.WIDE, memory, totals + 3 * WIDTH))
                    .intoArray(memory, totals + 3 * WIDTH);
            c = FloatVector.fromArray(Species.WIDE, memory, scales + WIDTH);
            s10.fma(c, FloatVector.fromArray(Species.WIDE, memory, second)).intoArray(memory, second);
            s11.fma(c, FloatVector.fromArray(Species.WIDE, memory, second + WIDTH)).intoArray(memory, second + WIDTH);
            s12.fma(c, FloatVector.fromArray(Species.WIDE, memory, second + 2 * WIDTH))
                    .intoArray(memory, second + 2 * WIDTH);
            s13.fma(c, FloatVector.fromArray(Species.WIDE, memory, second + 3 * WIDTH))
                    .intoArray(memory, second + 3 * WIDTH);
        }
    }
}
