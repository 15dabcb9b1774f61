package dev.m1.cuda.kernels;

/**
 * Device addresses of a step's description, arrays of int.
 *
 * @param counts {@code [8]}: new tokens, wanted rows, attention items
 * @param ids {@code [tokens]}
 * @param positions {@code [tokens]}
 * @param tokenRow {@code [tokens]}: index of a token's row
 * @param wanted {@code [rows]}: token behind which logits are wanted
 * @param blockTables {@code [rows, tableStride]}
 * @param tableStride blocks of the longest sequence
 * @param items {@code [items, 4]}: what attention's blocks work off, see {@link Attention}
 */
public record StepInput(
        long counts,
        long ids,
        long positions,
        long tokenRow,
        long wanted,
        long blockTables,
        int tableStride,
        long items) {

    /** Where the number of new tokens is. */
    public long tokenCount() {
        return counts;
    }

    /** Where the number of wanted rows is. */
    public long wantedCount() {
        return counts + Integer.BYTES;
    }

    /** Where the number of attention items is. */
    public long itemCount() {
        return counts + 2 * Integer.BYTES;
    }
}
