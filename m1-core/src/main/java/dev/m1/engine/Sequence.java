package dev.m1.engine;

import dev.m1.sampling.Sampling;
import java.util.Arrays;
import java.util.Objects;

/**
 * One sequence of token ids on its way through the engine. Its ids run ahead of the KV cache: those from {@link
 * #cached} on are fed by the next steps, in chunks where there are many. Except for {@link #cancel}, only the engine's
 * thread touches it.
 */
public final class Sequence {
    private final SequenceDriver driver;
    private final Sampling sampling;
    private final long sampleIndex;
    private final int generatedFrom;
    private final int maxTokens;

    private int[] ids; // [length], with room to grow
    private int length;
    private int cached;
    private BlockTable table; // null until the engine has it
    private Scheduler scheduler; // null until the engine has it
    private long order; // arrival; a fork has its parent's
    private long suborder; // order among forks of the same arrival
    private long reused;
    private long discarded;
    private int[] forbidden = new int[0];
    private float[] logits; // [vocab], when wanted
    private long fed;
    private boolean finished;
    private boolean held;
    private boolean expires;
    private long expiry; // System.nanoTime(), if it expires
    private volatile boolean cancelled;

    /**
     * @param prompt ids to begin with, at least one
     * @param generatedFrom number of leading ids that count as prompt for presence and frequency penalties
     * @param maxTokens most ids it may ever hold
     * @param sampleIndex which sample of the same prompt this is; part of the random numbers' key
     */
    public Sequence(
            int[] prompt,
            int generatedFrom,
            int maxTokens,
            Sampling sampling,
            long sampleIndex,
            SequenceDriver driver) {
        this(prompt, prompt.length, generatedFrom, maxTokens, sampling, sampleIndex, driver);
    }

    private Sequence(
            int[] from,
            int length,
            int generatedFrom,
            int maxTokens,
            Sampling sampling,
            long sampleIndex,
            SequenceDriver driver) {
        if (length == 0) {
            throw new IllegalArgumentException("a sequence begins with at least 1 token");
        }
        if (maxTokens < length) {
            throw new IllegalArgumentException("maxTokens " + maxTokens + " is below the prompt's " + length);
        }
        this.ids = new int[(int) Math.min(maxTokens, length + 256L)];
        System.arraycopy(from, 0, ids, 0, length);
        this.length = length;
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
        if (newLength < cached) {
            cached = newLength;
            table.truncate(newLength);
        }
    }

    /**
     * Another sequence with the same first {@code keep} ids, which shares this one's KV blocks; whatever the length, it
     * costs a block table and, when it is first written to, at most one block's copy. It joins the engine at once; with
     * nothing appended, its last id is fed again. To be called by this sequence's driver.
     */
    public Sequence fork(int keep, long newSampleIndex, SequenceDriver newDriver) {
        return fork(keep, sampling, newSampleIndex, newDriver);
    }

    /** {@link #fork(int, long, SequenceDriver)} with other sampling. */
    public Sequence fork(int keep, Sampling newSampling, long newSampleIndex, SequenceDriver newDriver) {
        if (scheduler == null) {
            throw new IllegalStateException("only a sequence that the engine has can be forked");
        }
        if (keep < 1 || keep > length) {
            throw new IllegalArgumentException("a fork keeps 1 … " + length + " tokens, not " + keep);
        }
        int from = Math.min(generatedFrom, keep);
        Sequence child = new Sequence(ids, keep, from, maxTokens, newSampling, newSampleIndex, newDriver);
        child.cached = Math.min(cached, keep);
        child.reused = child.cached;
        child.table = table.fork(child.cached);
        scheduler.addFork(this, child);
        return child;
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

    /** Takes no part in steps until {@link #resume}; keeps its KV blocks as long as no older sequence needs them. */
    public void hold() {
        held = true;
        scheduler.hold(this);
    }

    /** Ends a {@link #hold}. */
    public void resume() {
        held = false;
    }

    /**
     * The engine drops the sequence before the first step that would begin after this time, wherever it is by then:
     * waiting for a row, held, or running. Its forks go on. To be called before the engine has it.
     *
     * @param nanoTime as {@link System#nanoTime} counts
     */
    public void expireAt(long nanoTime) {
        expires = true;
        expiry = nanoTime;
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

    /** Tokens whose keys and values were taken over from other sequences. */
    public long reused() {
        return reused;
    }

    /** Tokens that were fed or taken over and then lost to a preemption. */
    public long discarded() {
        return discarded;
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
        table.written(ids, cached);
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

    BlockTable table() {
        return table;
    }

    /** Called once, when the scheduler takes the sequence on. */
    void attach(Scheduler owner, BlockTable blocks, long arrival, long fork) {
        scheduler = owner;
        table = table == null ? blocks : table;
        order = arrival;
        suborder = fork;
    }

    /** Called once, when the sequence leaves the engine. */
    void detach() {
        table.truncate(0);
        scheduler = null;
    }

    long order() {
        return order;
    }

    long suborder() {
        return suborder;
    }

    /** True for a sequence that arrived after the other. */
    boolean isYoungerThan(Sequence other) {
        return order > other.order || (order == other.order && suborder > other.suborder);
    }

    /** Takes over what is cached of its prefix. */
    void reusePrefix() {
        cached = table.reuse(ids, length);
        reused += cached;
    }

    /** Gives back what {@link #reusePrefix} took, as if it had not. */
    void returnPrefix() {
        reused -= cached;
        cached = 0;
        table.truncate(0);
    }

    /** At least one id must be fed to get anything. */
    void ensurePending() {
        if (cached == length) {
            cached--;
            reused = Math.min(reused, cached);
        }
    }

    /** Gives all blocks back; everything is to be fed again. */
    void evict() {
        discarded += cached;
        cached = 0;
        table.truncate(0);
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

    boolean isHeld() {
        return held;
    }

    boolean isFinished() {
        return finished;
    }

    boolean isCancelled() {
        return cancelled;
    }

    boolean expires() {
        return expires;
    }

    long expiry() {
        return expiry;
    }
}
