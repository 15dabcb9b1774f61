package dev.m1.spi;

/**
 * The input of one {@link Decoder#step}: reusable rows, one per sequence that takes part. Rows hold references into
 * their sequence's own arrays; nothing is copied and nothing allocated after construction.
 */
public final class StepBatch {
    private final StepRow[] rows; // [maxSequences]
    private int count;
    private int tokens;

    public StepBatch(int maxSequences) {
        rows = new StepRow[maxSequences];
        for (int i = 0; i < maxSequences; i++) {
            rows[i] = new StepRow();
        }
    }

    /** Forgets all rows. */
    public void clear() {
        count = 0;
        tokens = 0;
    }

    /**
     * Adds a row that feeds {@code ids[offset] … ids[offset + length - 1]} at positions {@code position …}.
     * The row wants nothing until it is told so.
     */
    public StepRow addRow(int[] ids, int offset, int length, int position, int[] blockTable, int blockCount) {
        if (count == rows.length) {
            throw new IllegalStateException("batch is full: " + rows.length + " rows");
        }
        if (length < 1) {
            throw new IllegalArgumentException("a row feeds at least 1 token, got " + length);
        }
        StepRow row = rows[count++];
        row.reset(ids, offset, length, position, blockTable, blockCount);
        tokens += length;
        return row;
    }

    /** Rows in this step. */
    public int size() {
        return count;
    }

    /** New tokens of all rows together. */
    public int tokens() {
        return tokens;
    }

    public StepRow row(int index) {
        if (index >= count) {
            throw new IndexOutOfBoundsException("row " + index + " of " + count);
        }
        return rows[index];
    }

    /** Most rows this batch can hold. */
    public int capacity() {
        return rows.length;
    }
}
