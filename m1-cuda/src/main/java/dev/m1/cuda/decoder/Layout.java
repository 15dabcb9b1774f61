package dev.m1.cuda.decoder;

/** Hands out places in one block of memory, one behind the other, aligned to {@link #ALIGNMENT}. */
final class Layout {
    /** Bytes: what one warp reads at once, and what every kernel relies on. */
    static final int ALIGNMENT = 128;

    /** Elements that the length of a row is rounded up to. */
    static final int ROW = 64;

    private long end;

    /** Takes the next {@code bytes}; returns their offset. */
    long take(long bytes) {
        long offset = end;
        end = Math.addExact(end, roundUp(bytes, ALIGNMENT));
        return offset;
    }

    /** Bytes taken. */
    long bytes() {
        return end;
    }

    /** A row's elements with its padding. */
    static int stride(int elements) {
        return Math.toIntExact(roundUp(elements, ROW));
    }

    private static long roundUp(long n, int unit) {
        return Math.ceilDiv(n, unit) * unit;
    }
}
