package dev.m1.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class FloatExpTest {
    @Test
    void isWithinTwoUlpsOfExp() {
        float worst = 0;
        for (float x = -87.3f; x < 88.7f; x += 0.000173f) {
            double exact = Math.exp(x); // within 1 ulp of double: exact for this purpose
            float ulps = (float) Math.abs(FloatExp.exp(x) - exact) / Math.ulp((float) exact);
            worst = Math.max(worst, ulps);
        }
        assertThat(worst).isLessThanOrEqualTo(2);
    }

    @Test
    void endsWhereFloatsEnd() {
        assertThat(FloatExp.exp(0)).isEqualTo(1);
        assertThat(FloatExp.exp(-0f)).isEqualTo(1);
        assertThat(FloatExp.exp(89)).isInfinite();
        assertThat(FloatExp.exp(Float.POSITIVE_INFINITY)).isInfinite();
        assertThat(FloatExp.exp(-104)).isZero();
        assertThat(FloatExp.exp(Float.NEGATIVE_INFINITY)).isZero();
        assertThat(FloatExp.exp(Float.NaN)).isNaN();
        // subnormal results: steps of 2^-149, and two roundings
        for (float x = -103; x < -87.4f; x += 0.01f) {
            assertThat((double) FloatExp.exp(x))
                    .isBetween(Math.exp(x) * (1 - 1e-6) - Float.MIN_VALUE, Math.exp(x) * (1 + 1e-6) + Float.MIN_VALUE);
        }
    }

    @Test
    void vectorsGiveTheSameBits() {
        long seed = 20;
        Random random = new Random(seed);
        int length = Species.WIDE.length();
        float[] x = new float[length];
        float[] special = {
            0, -0f, 89, 89.01f, 88.72f, -103.9f, -104, -105, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY
        };
        for (int round = 0; round < 20_000; round++) {
            for (int i = 0; i < length; i++) {
                x[i] = round < 20
                        ? special[(round * length + i) % special.length]
                        : (float) random.nextGaussian() * (round % 2 == 0 ? 1 : 60);
            }
            sameSilu(x, length, seed);
            if (round >= 20) {
                sameExpSum(x, length, seed);
            }
        }
    }

    /** The gate is negated before the exponential, the up projection is 1. */
    private static void sameSilu(float[] x, int length, long seed) {
        float[] scalar = new float[2 * length]; // [gate | up]
        for (int i = 0; i < length; i++) {
            scalar[i] = -x[i];
            scalar[length + i] = 1;
        }
        float[] vector = scalar.clone();
        new ScalarKernels().siluTimes(scalar, 0, length, length);
        new VectorKernels().siluTimes(vector, 0, length, length);
        same(vector, scalar, x, length, "silu", seed);
    }

    private static void sameExpSum(float[] x, int length, long seed) {
        float[] scalar = x.clone();
        float[] vector = x.clone();
        float a = new ScalarKernels().expSum(scalar, 0, length, new float[Lanes.COUNT]);
        float b = new VectorKernels().expSum(vector, 0, length, new float[Lanes.COUNT]);
        same(vector, scalar, x, length, "exp", seed);
        assertThat(b).isEqualTo(a);
    }

    private static void same(float[] vector, float[] scalar, float[] x, int length, String what, long seed) {
        for (int i = 0; i < length; i++) {
            assertThat(Float.floatToIntBits(vector[i]))
                    .as("%s of %s, seed %d", what, x[i], seed)
                    .isEqualTo(Float.floatToIntBits(scalar[i]));
        }
    }
}
