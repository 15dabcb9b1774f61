package dev.m1.sampling;

import java.util.Arrays;

/**
 * Finds where to cut a list of candidates so that the best of them reach a target mass, in linear time for any input: a
 * radix descent over sort keys that sums mass per digit, three digits from the top. Mass is a whole number, so the
 * order of the candidates does not matter.
 */
final class MassThreshold {
    private static final int[] SHIFTS = {21, 10, 0};
    private static final int[] WIDTHS = {11, 11, 10}; // bits per digit, 32 in all

    private final long[] mass = new long[1 << 11]; // [digit values]

    private int key;
    private long above;

    /** A signed int that sorts like the float, -0 beside +0. */
    static int keyOf(float value) {
        int bits = Float.floatToRawIntBits(value + 0f);
        return bits ^ (bits >> 31 & 0x7fffffff);
    }

    /** The float of a key. */
    static float valueOf(int key) {
        return Float.intBitsToFloat(key ^ (key >> 31 & 0x7fffffff));
    }

    /**
     * Finds the largest key such that candidates with this or a larger key have at least the target mass.
     *
     * @param keys sort keys {@code [count]}, see {@link #keyOf}
     * @param weights mass of each candidate {@code [count]}, not negative; null = 1 each
     * @param target from 1 to the mass of all candidates
     */
    void find(int[] keys, long[] weights, int count, long target) {
        int prefix = 0;
        above = 0;
        for (int level = 0; level < SHIFTS.length; level++) {
            int shift = SHIFTS[level];
            int digits = 1 << WIDTHS[level];
            Arrays.fill(mass, 0, digits, 0);
            if (weights == null) {
                sumCounts(keys, count, prefix, shift, WIDTHS[level]);
            } else {
                sumWeights(keys, weights, count, prefix, shift, WIDTHS[level]);
            }
            int digit = digits - 1;
            while (above + mass[digit] < target) {
                above += mass[digit--];
            }
            prefix = prefix << WIDTHS[level] | digit;
        }
        key = prefix ^ Integer.MIN_VALUE;
    }

    /** The key that was found. */
    int key() {
        return key;
    }

    /** Mass of the candidates with a larger key; less than the target. */
    long above() {
        return above;
    }

    private void sumCounts(int[] keys, int count, int prefix, int shift, int width) {
        int mask = (1 << width) - 1;
        int prefixShift = shift + width; // 32 at the first level, where every key matches
        for (int i = 0; i < count; i++) {
            int unsigned = keys[i] ^ Integer.MIN_VALUE;
            if (prefixShift == 32 || unsigned >>> prefixShift == prefix) {
                mass[unsigned >>> shift & mask]++;
            }
        }
    }

    private void sumWeights(int[] keys, long[] weights, int count, int prefix, int shift, int width) {
        int mask = (1 << width) - 1;
        int prefixShift = shift + width;
        for (int i = 0; i < count; i++) {
            int unsigned = keys[i] ^ Integer.MIN_VALUE;
            if (prefixShift == 32 || unsigned >>> prefixShift == prefix) {
                mass[unsigned >>> shift & mask] += weights[i];
            }
        }
    }
}
