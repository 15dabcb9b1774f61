package dev.m1.cpu.kernels;

import java.lang.foreign.ValueLayout;

/** Rounding to 8 bits in plain Java, as {@link Q8Matrix} defines it. */
final class Q8Scalar {
    /** 1.5 * 2^23: adding it rounds a float below 2^22 to an integer, ties to even, into the low bits of the sum. */
    static final float ROUND = 0x1.8p23f;

    static final int MAGNITUDE = 0x7fffffff;
    static final int INFINITE = 0x7f800000; // bits of infinity; a NaN's are above

    private Q8Scalar() {}

    /** See {@link Kernels#quantize}. */
    static int quantize(float[] slots, int from, Q8Matrix matrix, int output) {
        long start = (long) output * matrix.blocks * Q8Matrix.BLOCK;
        for (int k = 0; k < matrix.blocks * Q8Matrix.BLOCK; k += Q8Matrix.BLOCK) {
            int largest = 0;
            for (int i = 0; i < Q8Matrix.BLOCK; i++) {
                largest = Math.max(largest, Float.floatToRawIntBits(slots[from + k + i]) & MAGNITUDE);
            }
            if (largest >= INFINITE) {
                return k;
            }
            float scale = Math.max(Float.intBitsToFloat(largest) / Q8Matrix.STEPS, Q8Matrix.LEAST_SCALE);
            matrix.scales.set(TensorReader.FLOAT, (start + k) / Q8Matrix.BLOCK * Float.BYTES, scale);
            for (int i = 0; i < Q8Matrix.BLOCK; i++) {
                int q = Float.floatToRawIntBits(slots[from + k + i] / scale + ROUND);
                matrix.quants.set(ValueLayout.JAVA_BYTE, start + Q8Matrix.position(k + Q8Matrix.input(i)), (byte) q);
            }
        }
        return -1;
    }
}
