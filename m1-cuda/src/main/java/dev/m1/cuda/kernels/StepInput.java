package dev.m1.cuda.kernels;

/**
 * Device addresses of a step's description, arrays of int.
 *
 * @param counts {@code [8]}: new tokens, wanted rows, attention items, draws, rows that want their likeliest ids
 * @param ids {@code [tokens]}
 * @param positions {@code [tokens]}
 * @param tokenRow {@code [tokens]}: index of a token's row
 * @param wanted {@code [rows]}: token behind which logits are wanted
 * @param tops {@code [rows, 2]}: a wanted row, and how many of its likeliest ids
 * @param blockTables {@code [rows, tableStride]}
 * @param tableStride blocks of the longest sequence
 * @param items {@code [items, 4]}: what attention's blocks work off, see {@link Attention}
 * @param draws {@code [rows, Sample.DRAW_BYTES]} bytes: the ids that are drawn, see {@link Sample}
 * @param history ids so far of the rows that have penalties, one row behind the other
 */
public record StepInput(
        long counts,
        long ids,
        long positions,
        long tokenRow,
        long wanted,
        long tops,
        long blockTables,
        int tableStride,
        long items,
        long draws,
        long history) {

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

    /** Where the number of draws is. */
    public long drawCount() {
        return counts + 3 * Integer.BYTES;
    }

    /** Where the number of rows that want their likeliest ids is. */
    public long topCount() {
        return counts + 4 * Integer.BYTES;
    }
}
