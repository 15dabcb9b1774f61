package dev.m1.cpu.kernels;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** Rounding to 8 bits with vectors, bit for bit that of {@link Q8Scalar}. */
final class Q8Vector {
    private static final int LENGTH = Species.HALF.length();
    private static final int BYTE = 0xff;

    private Q8Vector() {}

    /** See {@link Kernels#quantize}. */
    static int quantize(float[] slots, int from, Q8Matrix matrix, int output) {
        long start = (long) output * matrix.blocks * Q8Matrix.BLOCK;
        for (int k = 0; k < matrix.blocks * Q8Matrix.BLOCK; k += Q8Matrix.BLOCK) {
            IntVector magnitude = IntVector.zero(Species.INTS);
            for (int i = 0; i < Q8Matrix.BLOCK; i += LENGTH) {
                magnitude = magnitude.max(FloatVector.fromArray(Species.HALF, slots, from + k + i)
                        .reinterpretAsInts()
                        .and(Q8Scalar.MAGNITUDE));
            }
            int largest = magnitude.reduceLanes(VectorOperators.MAX);
            if (largest >= Q8Scalar.INFINITE) {
                return k;
            }
            float scale = Math.max(Float.intBitsToFloat(largest) / Q8Matrix.STEPS, Q8Matrix.LEAST_SCALE);
            matrix.scales.set(TensorReader.FLOAT, (start + k) / Q8Matrix.BLOCK * Float.BYTES, scale);
            for (int g = 0; g < 8; g += LENGTH) {
                int at = from + k + g;
                IntVector q0 = FloatVector.fromArray(Species.HALF, slots, at)
                        .div(scale)
                        .add(Q8Scalar.ROUND)
                        .reinterpretAsInts()
                        .and(BYTE);
                IntVector q1 = FloatVector.fromArray(Species.HALF, slots, at + 8)
                        .div(scale)
                        .add(Q8Scalar.ROUND)
                        .reinterpretAsInts()
                        .and(BYTE);
                IntVector q2 = FloatVector.fromArray(Species.HALF, slots, at + 16)
                        .div(scale)
                        .add(Q8Scalar.ROUND)
                        .reinterpretAsInts()
                        .and(BYTE);
                IntVector q3 = FloatVector.fromArray(Species.HALF, slots, at + 24)
                        .div(scale)
                        .add(Q8Scalar.ROUND)
                        .reinterpretAsInts();
                q0.or(q1.lanewise(VectorOperators.LSHL, 8))
                        .or(q2.lanewise(VectorOperators.LSHL, 16))
                        .or(q3.lanewise(VectorOperators.LSHL, 24))
                        .intoMemorySegment(matrix.quants, start + k + 4L * g, ByteOrder.LITTLE_ENDIAN);
            }
        }
        return -1;
    }
}
