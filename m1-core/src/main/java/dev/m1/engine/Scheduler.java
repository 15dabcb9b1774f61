package dev.m1.engine;

import dev.m1.spi.StepBatch;
import dev.m1.spi.StepRow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Who takes part in a step. Sequences are admitted in order of arrival, when a row is free and the pool has the blocks for
 * their longest possible length; then they cannot run out. Rows that decode come first, prefill takes what is left of the
 * step's tokens in chunks.
 */
final class Scheduler {
    private final BlockManager blocks;
    private final int maxSequences;
    private final int maxStepTokens;
    private final Deque<Sequence> waiting = new ArrayDeque<>();
    private final List<Sequence> running = new ArrayList<>();
    private final List<Sequence> inStep = new ArrayList<>();

    Scheduler(BlockManager blocks, int maxSequences, int maxStepTokens) {
        this.blocks = blocks;
        this.maxSequences = maxSequences;
        this.maxStepTokens = maxStepTokens;
    }

    void add(Sequence sequence) {
        waiting.add(sequence);
    }

    boolean isIdle() {
        return waiting.isEmpty() && running.isEmpty();
    }

    List<Sequence> running() {
        return running;
    }

    Deque<Sequence> waiting() {
        return waiting;
    }

    void admit() {
        while (!waiting.isEmpty() && running.size() < maxSequences) {
            Sequence next = waiting.peek();
            int needed = blocks.blocksFor(next.maxTokens());
            if (!blocks.canAllocate(needed)) {
                return;
            }
            waiting.remove();
            next.blockTable(blocks.allocate(needed));
            running.add(next);
        }
    }

    /** Takes a running sequence out and its blocks back. */
    void remove(Sequence sequence) {
        if (running.remove(sequence)) {
            blocks.release(sequence.blockTable());
            sequence.blockTable(new int[0]);
        }
    }

    /** Fills the batch; returns the sequences of its rows, in row order. The list is reused. */
    List<Sequence> schedule(StepBatch batch) {
        batch.clear();
        inStep.clear();
        int left = maxStepTokens;
        for (Sequence s : running) {
            if (s.pending() == 1) {
                addRow(batch, s, 1);
                left--;
            }
        }
        for (Sequence s : running) {
            int chunk = Math.min(s.pending(), left);
            if (s.pending() > 1 && chunk > 0) {
                addRow(batch, s, chunk);
                left -= chunk;
            }
        }
        return inStep;
    }

    private void addRow(StepBatch batch, Sequence s, int tokens) {
        StepRow row =
                batch.addRow(s.idArray(), s.cached(), tokens, s.cached(), s.blockTable(), s.blockTable().length);
        inStep.add(s);
        if (tokens < s.pending()) {
            return; // a chunk of the prompt: nothing is wanted yet
        }
        if (s.logits() != null) {
            row.logits(s.logits());
        } else {
            row.sample(s.sampling(), s.sampleIndex());
            if (s.sampling().hasPenalties()) {
                row.history(s.idArray(), s.length(), s.generatedFrom());
            }
        }
    }
}
