package dev.m1.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Rounding to 8 bits with vectors, bit for bit as {@link Q8ScalarKernel} does it. */
final class Q8VectorRounding {
    private static final int HALF = Species.HALF.length();
    private static final int LOWEST = 0xff;

    private Q8VectorRounding() {}

    /** See {@link Q8Kernel#quantize}. */
    static int quantize(float[] slots, int[] lanes, Q8Matrix matrix, int output) {
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
                        .and(LOWEST);
                IntVector q1 = FloatVector.fromArray(Species.HALF, slots, at + 8)
                        .div(scale)
                        .add(Q8ScalarKernel.ROUND)
                        .reinterpretAsInts()
                        .and(LOWEST);
                IntVector q2 = FloatVector.fromArray(Species.HALF, slots, at + 16)
                        .div(scale)
                        .add(Q8ScalarKernel.ROUND)
                        .reinterpretAsInts()
                        .and(LOWEST);
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
}
