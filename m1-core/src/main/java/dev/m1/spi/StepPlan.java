package dev.m1.spi;

import java.util.Arrays;

/**
 * For a backend: a step's rows, checked and flattened to tokens. Reusable; allocates nothing after construction unless
 * it throws.
 */
public final class StepPlan {
    private static final int NONE = -1;

    private final Limits limits;
    private final KvGeometry kv;
    private final int vocabSize;
    private final int[] ids; // [maxStepTokens]
    private final int[] positions; // [maxStepTokens]
    private final int[] rowOf; // [maxStepTokens]
    private final int[] lastToken; // [maxSequences], index of a row's last token
    private final int[] wanted; // [maxSequences], rows that want logits
    private final int[] previous; // [maxSequences], ids that the previous step sampled, or NONE
    private StepBatch batch;
    private int tokens;
    private int wantedCount;

    public StepPlan(Limits limits, KvGeometry kv, int vocabSize) {
        this.limits = limits;
        this.kv = kv;
        this.vocabSize = vocabSize;
        ids = new int[limits.maxStepTokens()];
        positions = new int[limits.maxStepTokens()];
        rowOf = new int[limits.maxStepTokens()];
        lastToken = new int[limits.maxSequences()];
        wanted = new int[limits.maxSequences()];
        previous = new int[limits.maxSequences()];
        Arrays.fill(previous, NONE);
    }

    /**
     * Checks and takes over a batch.
     *
     * @throws IllegalArgumentException naming the row, the value and its bound
     */
    public void load(StepBatch in) {
        atMost(limits.maxSequences(), "maxSequences", in.size(), "rows");
        atMost(limits.maxStepTokens(), "maxStepTokens", in.tokens(), "new tokens");
        batch = in;
        tokens = 0;
        wantedCount = 0;
        for (int r = 0; r < in.size(); r++) {
            StepRow row = in.row(r);
            checkRow(r, row);
            for (int i = 0; i < row.length(); i++) {
                ids[tokens] = row.previousRow() >= 0 ? previousId(r, row.previousRow()) : row.ids()[row.offset() + i];
                if (ids[tokens] < 0 || ids[tokens] >= vocabSize) {
                    throw new IllegalArgumentException("row " + r + ": id " + ids[tokens] + " at position "
                            + (row.position() + i) + " is not in [0, " + vocabSize + ")");
                }
                positions[tokens] = row.position() + i;
                rowOf[tokens] = r;
                tokens++;
            }
            lastToken[r] = tokens - 1;
            if (row.wantsLogits()) {
                wanted[wantedCount++] = r;
            }
        }
    }

    private void checkRow(int r, StepRow row) {
        long end = (long) row.position() + row.length();
        if (row.position() < 0 || end > limits.contextTokens()) {
            throw new IllegalArgumentException("row " + r + ": positions " + row.position() + " … " + (end - 1)
                    + " are not in [0, " + limits.contextTokens() + "), the context");
        }
        if (row.previousRow() < 0 && (row.offset() < 0 || (long) row.offset() + row.length() > row.ids().length)) {
            throw new IllegalArgumentException("row " + r + ": ids " + row.offset() + " … "
                    + ((long) row.offset() + row.length() - 1) + " of an array of " + row.ids().length);
        }
        if (row.blockCount() > row.blockTable().length) {
            throw new IllegalArgumentException(
                    "row " + r + ": " + row.blockCount() + " blocks in a table of " + row.blockTable().length);
        }
        int needed = kv.blocksFor(end);
        if (row.blockCount() < needed) {
            throw new IllegalArgumentException("row " + r + ": " + end + " tokens need " + needed + " blocks of "
                    + kv.blockTokens() + ", the block table has " + row.blockCount());
        }
        for (int i = 0; i < needed; i++) {
            int block = row.blockTable()[i];
            if (block < 0 || block >= kv.blocks()) {
                throw new IllegalArgumentException("row " + r + ": block " + block + " at " + i + " is not in [0, "
                        + kv.blocks() + "), the KV pool");
            }
        }
        checkWanted(r, row);
    }

    private void checkWanted(int r, StepRow row) {
        if (row.logits() != null && row.logits().length < vocabSize) {
            throw new IllegalArgumentException(
                    "row " + r + ": logits need " + vocabSize + " floats, the array has " + row.logits().length);
        }
        if (row.sampling() != null && row.sampling().hasPenalties()) {
            checkHistory(r, row);
        }
    }

    private void checkHistory(int r, StepRow row) {
        int[] history = row.history();
        int length = row.historyLength();
        if (history == null || length > history.length) {
            throw new IllegalArgumentException("row " + r + ": penalties need a history of " + length + " ids, "
                    + (history == null ? "there is none" : "the array has " + history.length));
        }
        if (length < 0 || length > limits.contextTokens()) {
            throw new IllegalArgumentException("row " + r + ": a history of " + length + " ids is not in [0, "
                    + limits.contextTokens() + "], the context");
        }
        if (row.generatedFrom() < 0 || row.generatedFrom() > length) {
            throw new IllegalArgumentException("row " + r + ": ids generated from " + row.generatedFrom()
                    + " on are not in [0, " + length + "], the history");
        }
        for (int i = 0; i < length; i++) {
            if (history[i] < 0 || history[i] >= vocabSize) {
                throw new IllegalArgumentException("row " + r + ": id " + history[i] + " at " + i
                        + " of the history is not in [0, " + vocabSize + ")");
            }
        }
    }

    private int previousId(int r, int previousRow) {
        if (previousRow >= previous.length || previous[previousRow] == NONE) {
            throw new IllegalArgumentException(
                    "row " + r + ": row " + previousRow + " of the previous step did not sample an id");
        }
        return previous[previousRow];
    }

    private static void atMost(int bound, String limit, int value, String what) {
        if (value > bound) {
            throw new IllegalArgumentException(what + " in a step: " + value + " is above " + limit + " " + bound);
        }
    }

    /** Forgets what the previous step sampled. */
    public void clearSampled() {
        Arrays.fill(previous, NONE);
    }

    /** Remembers an id for a row of the next step that asks for it. */
    public void sampled(int row, int id) {
        previous[row] = id;
    }

    /** New tokens of all rows. */
    public int tokens() {
        return tokens;
    }

    public int id(int token) {
        return ids[token];
    }

    public int position(int token) {
        return positions[token];
    }

    public StepRow row(int row) {
        return batch.row(row);
    }

    public StepRow rowOf(int token) {
        return batch.row(rowOf[token]);
    }

    /** Index of the row a token belongs to. */
    public int rowIndex(int token) {
        return rowOf[token];
    }

    /** Rows of the batch. */
    public int rows() {
        return batch.size();
    }

    /** Rows that want logits. */
    public int wantedCount() {
        return wantedCount;
    }

    public int wanted(int i) {
        return wanted[i];
    }

    /** Index of the token whose logits row {@code wanted(i)} wants: its last. Ascending in {@code i}. */
    public int wantedToken(int i) {
        return lastToken[wanted[i]];
    }

    /** Index of a row's last new token. */
    public int lastToken(int row) {
        return lastToken[row];
    }
}
