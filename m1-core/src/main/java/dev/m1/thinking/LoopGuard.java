package dev.m1.thinking;

/**
 * When thinking counts as going round in circles: the same ids, with a period of at most {@code maxPeriod} tokens,
 * several times in a row.
 *
 * @param maxPeriod longest period looked for, in tokens
 * @param repeats how often the period must have been seen in a row
 */
public record LoopGuard(int maxPeriod, int repeats) {
    /** Periods of up to 64 tokens, seen 4 times. */
    public static final LoopGuard DEFAULT = new LoopGuard(64, 4);

    /**
     * @throws IllegalArgumentException if the period is below 1 or the repeats below 2
     */
    public LoopGuard {
        if (maxPeriod < 1 || maxPeriod > 4096) {
            throw new IllegalArgumentException("maxPeriod must be 1 … 4096 tokens, got " + maxPeriod);
        }
        if (repeats < 2) {
            throw new IllegalArgumentException("repeats must be >= 2, got " + repeats);
        }
    }
}
