package dev.m1.sampling;

/**
 * Philox4x32-10, a counter-based random number generator: a pure function from a key and a counter to 128 random bits,
 * so that a draw depends on what it is for and on nothing that happened before.
 *
 * <p>Source: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011; the same generator as
 * in Random123 and cuRAND.
 */
public final class Philox {
    private static final long MULTIPLIER_0 = 0xD2511F53L;
    private static final long MULTIPLIER_1 = 0xCD9E8D57L;
    private static final int WEYL_0 = 0x9E3779B9;
    private static final int WEYL_1 = 0xBB67AE85;
    private static final int ROUNDS = 10;

    private Philox() {}

    /**
     * The 64 random bits of one draw. The seed is the key, low word first; the counter is
     * {@code (position, 0, low word of sampleIndex, high word of sampleIndex)}; the result is words 0 (low) and 1
     * (high).
     *
     * @param position position of the token that is drawn
     */
    public static long bits(long seed, long sampleIndex, int position) {
        return half(position, 0, (int) sampleIndex, (int) (sampleIndex >>> 32), (int) seed, (int) (seed >>> 32), false);
    }

    /** The upper 53 of {@link #bits} as a double in [0, 1), a multiple of 2^-53. */
    public static double uniform(long seed, long sampleIndex, int position) {
        return (bits(seed, sampleIndex, position) >>> 11) * 0x1p-53;
    }

    /**
     * One block of the generator: words 0 and 1 of its output, or words 2 and 3; the lower word is in the lower half.
     */
    static long half(int c0, int c1, int c2, int c3, int k0, int k1, boolean upper) {
        for (int round = 0; round < ROUNDS; round++) {
            long product0 = MULTIPLIER_0 * Integer.toUnsignedLong(c0);
            long product1 = MULTIPLIER_1 * Integer.toUnsignedLong(c2);
            c0 = (int) (product1 >>> 32) ^ c1 ^ k0;
            c1 = (int) product1;
            c2 = (int) (product0 >>> 32) ^ c3 ^ k1;
            c3 = (int) product0;
            k0 += WEYL_0;
            k1 += WEYL_1;
        }
        return upper ? join(c2, c3) : join(c0, c1);
    }

    private static long join(int low, int high) {
        return Integer.toUnsignedLong(low) | (long) high << 32;
    }
}
