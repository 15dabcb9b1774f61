package dev.m1.cuda.kernels;

/**
 * Sizes that the rows of a library's product are rounded up to; each has its algorithm. They grow by a third or a half,
 * so that much of a product is wasted at worst. A step of more tokens than the largest is multiplied in slices of that.
 */
public final class GemmBuckets {
    private static final int[] SIZES = {64, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048};

    private GemmBuckets() {}

    /** How many there are. */
    static int count() {
        return SIZES.length;
    }

    /** Rows of a bucket. */
    static int rows(int bucket) {
        return SIZES[bucket];
    }

    /** Tokens of a slice, at most. */
    static int slice() {
        return SIZES[SIZES.length - 1];
    }

    /** The smallest bucket for a number of rows up to {@link #slice}. */
    static int of(int rows) {
        int i = 0;
        while (SIZES[i] < rows) {
            i++;
        }
        return i;
    }

    /** Rows of the largest bucket that steps of up to so many tokens need. */
    public static int mostRows(int tokens) {
        return SIZES[of(Math.min(tokens, slice()))];
    }
}
