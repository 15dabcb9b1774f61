package dev.m1.engine;

import dev.m1.sampling.Sampling;
import java.util.Arrays;
import java.util.Objects;

/**
 * One sequence of token ids on its way through the engine. Its ids run ahead of the KV cache: those from {@link #cached} on are
 * fed by the next steps, in chunks where there are many. Except for {@link #cancel}, only the engine's thread touches it.
 */
public final class Sequence {
    private final SequenceDriver driver;
    private final Sampling sampling;
    private final long sampleIndex;
    private final int generatedFrom;
    private final int maxTokens;

    private int[] ids;
    private int length;
    private int cached;
    private int[] blockTable = new int[0];
    private int[] forbidden = new int[0];
    private float[] logits; // [vocab], when wanted
    private long fed;
    private boolean finished;
    private volatile boolean cancelled;

    /**
     * @param prompt ids to begin with, at least one
     * @param generatedFrom number of leading ids that count as prompt for presence and frequency penalties
     * @param maxTokens most ids it may ever hold; KV blocks for these are reserved when it is admitted
     * @param sampleIndex which sample of the same prompt this is; part of the random numbers' key
     */
    public Sequence(
            int[] prompt, int generatedFrom, int maxTokens, Sampling sampling, long sampleIndex, SequenceDriver driver) {
        if (prompt.length == 0) {
            throw new IllegalArgumentException("a sequence begins with at least 1 token");
        }
        if (maxTokens < prompt.length) {
            throw new IllegalArgumentException("maxTokens " + maxTokens + " is below the prompt's " + prompt.length);
        }
        this.ids = Arrays.copyOf(prompt, Math.min(maxTokens, prompt.length + 256));
        this.length = prompt.length;
        this.generatedFrom = generatedFrom;
        this.maxTokens = maxTokens;
        this.sampling = Objects.requireNonNull(sampling, "sampling");
        this.sampleIndex = sampleIndex;
        this.driver = Objects.requireNonNull(driver, "driver");
    }

    /** Adds an id to the end. */
    public void append(int id) {
        if (length == maxTokens) {
            throw new IllegalStateException("sequence is full: " + maxTokens + " tokens");
        }
        if (length == ids.length) {
            ids = Arrays.copyOf(ids, (int) Math.min(maxTokens, ids.length * 2L));
        }
        ids[length++] = id;
    }

    /** Adds ids to the end. */
    public void append(int[] more) {
        for (int id : more) {
            append(id);
        }
    }

    /** Keeps the first {@code newLength} ids; the KV cache keeps what belongs to them. */
    public void truncate(int newLength) {
        if (newLength < 0 || newLength > length) {
            throw new IllegalArgumentException("cannot truncate " + length + " tokens to " + newLength);
        }
        length = newLength;
        cached = Math.min(cached, newLength);
    }

    /** Ids that the next sampled token must not be. Holds for one sample. */
    public void forbidNext(int[] ids) {
        forbidden = ids.clone();
    }

    /** Asks for raw logits {@code [vocab]} after the ids there are, in place of a sampled token. Holds once. */
    public void wantLogits(float[] destination) {
        logits = destination;
    }

    /** Nothing more is wanted; the engine takes its blocks back. */
    public void finish() {
        finished = true;
    }

    /** From any thread: the engine drops the sequence before its next step. */
    public void cancel() {
        cancelled = true;
    }

    public int length() {
        return length;
    }

    /** Room left, in tokens. */
    public int room() {
        return maxTokens - length;
    }

    /** Ids in the KV cache. */
    public int cached() {
        return cached;
    }

    /** Tokens that went through the decoder for this sequence. */
    public long fed() {
        return fed;
    }

    /** A copy of the ids. */
    public int[] ids() {
        return Arrays.copyOf(ids, length);
    }

    int[] idArray() {
        return ids;
    }

    /** Ids at the end that are not in the KV cache yet. */
    public int pending() {
        return length - cached;
    }

    void advance(int tokens) {
        cached += tokens;
        fed += tokens;
    }

    int maxTokens() {
        return maxTokens;
    }

    int generatedFrom() {
        return generatedFrom;
    }

    Sampling sampling() {
        return sampling;
    }

    long sampleIndex() {
        return sampleIndex;
    }

    SequenceDriver driver() {
        return driver;
    }

    int[] blockTable() {
        return blockTable;
    }

    void blockTable(int[] table) {
        blockTable = table;
    }

    int[] takeForbidden() {
        int[] f = forbidden;
        forbidden = new int[0];
        return f;
    }

    boolean hasForbidden() {
        return forbidden.length > 0;
    }

    float[] logits() {
        return logits;
    }

    float[] takeLogits() {
        float[] l = logits;
        logits = null;
        return l;
    }

    boolean isFinished() {
        return finished;
    }

    boolean isCancelled() {
        return cancelled;
    }
}
