package dev.m1;

/**
 * How many samples a vote draws and when it ends.
 *
 * @param samples runs that are started
 * @param firstFinished votes of only so many runs that finish first are counted (short-m@k, arXiv 2505.17813); equal to
 *     {@code samples}: all
 */
public record VoteOptions(int samples, int firstFinished) {
    /**
     * @throws IllegalArgumentException if there is no sample, or more are waited for than started
     */
    public VoteOptions {
        if (samples < 1) {
            throw new IllegalArgumentException("a vote needs at least 1 sample, got " + samples);
        }
        if (firstFinished < 1 || firstFinished > samples) {
            throw new IllegalArgumentException("firstFinished must be 1 … " + samples + ", got " + firstFinished);
        }
    }

    /** All of {@code n} samples vote. */
    public static VoteOptions of(int n) {
        return new VoteOptions(n, n);
    }

    /** The first {@code m} of {@code k} samples to finish vote. */
    public static VoteOptions shortest(int m, int k) {
        return new VoteOptions(k, m);
    }
}
