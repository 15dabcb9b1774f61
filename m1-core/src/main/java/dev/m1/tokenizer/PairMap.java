package dev.m1.tokenizer;

import java.util.Arrays;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Pairs of non-negative ints to non-negative longs: open addressing, key and value side by side so that a look-up
 * touches one cache line. The multiplier of the hash is drawn anew for each map, so that a file cannot be made to
 * collide.
 */
final class PairMap {
    static final long NONE = Long.MAX_VALUE;

    private final long[] slots; // [capacity, 2]: key, value
    private final long multiplier = ThreadLocalRandom.current().nextLong() | 1;
    private final int shift;
    private final int mask;

    /** A map for at most {@code entries} entries. */
    PairMap(int entries) {
        if (entries > 1 << 28) {
            throw new IllegalArgumentException("too many entries: " + entries);
        }
        int bits = Math.max(4, 32 - Integer.numberOfLeadingZeros(entries + entries / 2)); // at most two thirds full
        int capacity = 1 << bits;
        slots = new long[2 * capacity];
        Arrays.fill(slots, -1L);
        shift = 64 - bits;
        mask = capacity - 1;
    }

    /** The value of a pair, or {@link #NONE}. */
    long get(int left, int right) {
        long key = (long) left << 32 | right;
        int slot = (int) (key * multiplier >>> shift);
        while (true) {
            long found = slots[2 * slot];
            if (found == key) {
                return slots[2 * slot + 1];
            }
            if (found == -1L) {
                return NONE;
            }
            slot = slot + 1 & mask;
        }
    }

    /** Stores a value; the last one stored for a pair counts. */
    void put(int left, int right, long value) {
        long key = (long) left << 32 | right;
        int slot = (int) (key * multiplier >>> shift);
        while (slots[2 * slot] != -1L && slots[2 * slot] != key) {
            slot = slot + 1 & mask;
        }
        slots[2 * slot] = key;
        slots[2 * slot + 1] = value;
    }
}
