package dev.m1.cpu.kernels;

/**
 * {@code exp} in single precision by operations that a vector unit has too, so that the scalar and the vector kernels
 * return the same bits ({@link Math#exp} has no vector twin). Cody–Waite reduction to {@code 2^n * exp(r)} with {@code
 * |r| <= ln(2)/2} and the polynomial of Cephes' {@code expf}. Within 2 units in the last place of the exact value where
 * that is a normal number; below -104 it is 0, above 89 infinity.
 */
final class FloatExp {
    static final float MIN = -104;
    static final float MAX = 89;
    static final float LOG2_E = 1.44269504f;
    /** 1.5 * 2^23: adding it rounds to an integer, which then lies in the low bits. */
    static final float ROUND = 12582912f;
    static final int ROUND_BITS = 0x4b400000;
    /** ln(2) in two parts, the first with few enough bits for an exact product with n. */
    static final float LN2_HIGH = 0.693359375f;
    static final float LN2_LOW = -2.12194440e-4f;
    static final float C7 = 1.9875691500e-4f;
    static final float C6 = 1.3981999507e-3f;
    static final float C5 = 8.3334519073e-3f;
    static final float C4 = 4.1665795894e-2f;
    static final float C3 = 1.6666665459e-1f;
    static final float C2 = 5.0000001201e-1f;

    private FloatExp() {}

    static float exp(float value) {
        float x = Math.min(Math.max(value, MIN), MAX);
        float shifted = Math.fma(x, LOG2_E, ROUND);
        float n = shifted - ROUND;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
        float p = Math.fma(C7, r, C6);
        p = Math.fma(p, r, C5);
        p = Math.fma(p, r, C4);
        p = Math.fma(p, r, C3);
        p = Math.fma(p, r, C2);
        p = Math.fma(p, r * r, r) + 1;
        // 2^n as two factors, because 2^-150 and 2^128 are no normal numbers.
        int power = Float.floatToRawIntBits(shifted) - ROUND_BITS;
        int half = power >> 1;
        return p * powerOf2(half) * powerOf2(power - half);
    }

    private static float powerOf2(int n) {
        return Float.intBitsToFloat(n + 127 << 23);
    }
}
