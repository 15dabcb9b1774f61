package dev.m1.sampling;

/**
 * The weight of a token in a draw: {@code exp(x)} in whole units of 2^-40, where {@code x <= 0} is the distance of its
 * logit to the largest one, divided by the temperature. Whole numbers, because their sums do not depend on the order of
 * summation: a parallel sum on any device gives the same cut and the same draw.
 *
 * <p>Only additions, multiplications, one {@code rint} and one truncation of IEEE doubles, without fused operations, so
 * that the result is the same bit for bit wherever it is computed ({@code Math.exp} promises 1 ulp only). What rounds
 * to 0, less than 2^-41 of the likeliest token's probability, is never drawn; over 2^18 such tokens that is less than
 * float32 can resolve.
 */
final class TokenWeight {
    private static final int SHIFT = 40;

    /** The weight at {@code x = 0}. */
    static final long ONE = 1L << SHIFT;

    private static final double LOG2_E = 1.4426950408889634;
    // ln 2 in two parts: the upper has so many trailing zeros that its products with small integers are exact.
    private static final double LN2_UPPER = 0x1.62e42feep-1;
    private static final double LN2_LOWER = 0x1.a39ef35793c76p-33;
    private static final double LOWEST = -32; // e^-32 < 2^-41: rounds to 0, as all below

    private TokenWeight() {}

    /** The weight at {@code x <= 0}; negative infinity is allowed. */
    static long of(double x) {
        double bounded = x > LOWEST ? x : LOWEST;
        double k = Math.rint(bounded * LOG2_E);
        double r = bounded - k * LN2_UPPER - k * LN2_LOWER; // |r| <= ln(2) / 2
        // The series of exp up to r^11 / 11!, what is left is below 7e-15. Summed in pairs, because one long chain of
        // dependent operations takes twice the time.
        double r2 = r * r;
        double r4 = r2 * r2;
        double low = (1 + r) + (1.0 / 2 + r * (1.0 / 6)) * r2;
        double middle = (1.0 / 24 + r * (1.0 / 120)) + (1.0 / 720 + r * (1.0 / 5040)) * r2;
        double high = (1.0 / 40320 + r * (1.0 / 362880)) + (1.0 / 3628800 + r * (1.0 / 39916800)) * r2;
        double exp = low + (middle + high * r4) * r4;
        double scale = Double.longBitsToDouble(((long) k + SHIFT + 1023) << 52); // 2^(k + SHIFT)
        return (long) (exp * scale + 0.5);
    }
}
