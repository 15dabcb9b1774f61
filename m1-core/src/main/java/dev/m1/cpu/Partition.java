package dev.m1.cpu;

/**
 * The one rule by which work is split: contiguous ranges in order, whole units of {@code align}, at most one unit
 * apart.
 */
final class Partition {
    private Partition() {}

    /** Units of work: pieces of {@code align}, the last of which may be short. */
    static int units(int n, int align) {
        return (int) (((long) n + align - 1) / align);
    }

    /**
     * Where part {@code index} of {@code parts} begins; it ends where the next one begins, and {@code begin(n, parts,
     * parts, align)} is {@code n}.
     */
    static int begin(int n, int parts, int index, int align) {
        long unit = (long) units(n, align) * index / parts;
        return (int) Math.min(n, unit * align);
    }
}
