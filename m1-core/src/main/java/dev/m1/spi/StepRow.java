package dev.m1.spi;

import dev.m1.sampling.Sampling;

/** One sequence's part of a step. There is no prefill flag: one new token or many are the same thing. */
public final class StepRow {
    /** Most top log-probabilities a row may ask for. */
    public static final int MAX_TOP = 20;

    private int[] ids;
    private int offset;
    private int length;
    private int position;
    private int[] blockTable;
    private int blockCount;
    private int previousRow;
    private Sampling sampling;
    private long sampleIndex;
    private int[] history;
    private int historyLength;
    private int generatedFrom;
    private int top;
    private float[] logits;

    StepRow() {}

    void reset(int[] ids, int offset, int length, int position, int[] blockTable, int blockCount) {
        this.ids = ids;
        this.offset = offset;
        this.length = length;
        this.position = position;
        this.blockTable = blockTable;
        this.blockCount = blockCount;
        previousRow = -1;
        sampling = null;
        sampleIndex = 0;
        history = null;
        historyLength = 0;
        generatedFrom = 0;
        top = 0;
        logits = null;
    }

    /**
     * Asks for a sampled id after the last new token. The RNG is keyed by (sampling's seed, sample index, next
     * position).
     */
    public StepRow sample(Sampling sampling, long sampleIndex) {
        this.sampling = sampling;
        this.sampleIndex = sampleIndex;
        return this;
    }

    /**
     * The sequence so far, new tokens included, for the penalties: {@code history[0 … length-1]}, of which those from
     * {@code generatedFrom} on were generated. Needed only when {@link Sampling#hasPenalties()}.
     */
    public StepRow history(int[] ids, int length, int generatedFrom) {
        this.history = ids;
        this.historyLength = length;
        this.generatedFrom = generatedFrom;
        return this;
    }

    /**
     * Asks for the {@code n} likeliest ids with their log-probabilities (of the unmodified logits), {@code n <=
     * MAX_TOP}.
     */
    public StepRow topLogprobs(int n) {
        if (n < 0 || n > MAX_TOP) {
            throw new IllegalArgumentException("top log-probabilities: 0 … " + MAX_TOP + ", got " + n);
        }
        this.top = n;
        return this;
    }

    /** Asks for the raw logits after the last new token: {@code destination} is {@code [vocab]}. */
    public StepRow logits(float[] destination) {
        this.logits = destination;
        return this;
    }

    /**
     * Says that this row's only new token is the id that row {@code row} of the previous step sampled; {@code ids} is
     * not read.
     */
    public StepRow tokenOfPreviousStep(int row) {
        if (length != 1) {
            throw new IllegalArgumentException(
                    "a row that takes the previous step's token feeds 1 token, not " + length);
        }
        this.previousRow = row;
        return this;
    }

    public int[] ids() {
        return ids;
    }

    public int offset() {
        return offset;
    }

    /** New tokens. */
    public int length() {
        return length;
    }

    /** Position of the first new token = tokens already in the KV cache. */
    public int position() {
        return position;
    }

    /** Tokens in the KV cache after this step. */
    public int contextLength() {
        return position + length;
    }

    public int[] blockTable() {
        return blockTable;
    }

    public int blockCount() {
        return blockCount;
    }

    /** Row of the previous step whose sampled id is fed, or -1. */
    public int previousRow() {
        return previousRow;
    }

    /** Null when no sampled id is wanted. */
    public Sampling sampling() {
        return sampling;
    }

    public long sampleIndex() {
        return sampleIndex;
    }

    public int[] history() {
        return history;
    }

    public int historyLength() {
        return historyLength;
    }

    public int generatedFrom() {
        return generatedFrom;
    }

    public int topLogprobs() {
        return top;
    }

    /** Destination of raw logits {@code [vocab]}, or null. */
    public float[] logits() {
        return logits;
    }

    /** True if this row needs the LM head at all. */
    public boolean wantsLogits() {
        return sampling != null || top > 0 || logits != null;
    }
}
