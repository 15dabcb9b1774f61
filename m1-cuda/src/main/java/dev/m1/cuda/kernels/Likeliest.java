package dev.m1.cuda.kernels;

/**
 * What the LM head finds beside the logits: a 64-bit number per wanted row, raised by every logit. Its upper half
 * orders floats, its lower half is the complement of the id; see {@code likeliest.cuh}. {@link Embedding} sets them to
 * zero at the beginning of a step.
 *
 * @param address of {@code [rows]} 64-bit integers
 * @param rows most wanted rows of a step
 */
public record Likeliest(long address, int rows) {
    /** Bytes of a row. */
    public static final int BYTES = Long.BYTES;

    private static final int NOT_FINITE = 0xffffffff;

    /** Whether all logits of a row with this number are finite. */
    public static boolean finite(long key) {
        return (int) (key >>> 32) != NOT_FINITE;
    }

    /** The likeliest id of a row with this number, the lowest of equals. */
    public static int id(long key) {
        return ~(int) key;
    }
}
