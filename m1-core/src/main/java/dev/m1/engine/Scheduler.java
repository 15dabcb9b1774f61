package dev.m1.engine;

import dev.m1.spi.StepBatch;
import dev.m1.spi.StepRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Who takes part in a step. Sequences are admitted in the order of their arrival and join at any step; rows that decode
 * come first, prefill takes what is left of the step's tokens in chunks. KV blocks are taken as they are needed; when
 * there are none left, the youngest sequence gives its blocks back and waits to be computed again.
 */
final class Scheduler {
    private static final Comparator<Sequence> BY_AGE =
            Comparator.comparingLong(Sequence::order).thenComparingLong(Sequence::suborder);

    private final BlockManager blocks;
    private final int maxSequences;
    private final int maxStepTokens;
    private final TreeSet<Sequence> waiting = new TreeSet<>(BY_AGE);
    private final TreeSet<Sequence> running = new TreeSet<>(BY_AGE);
    private final List<Sequence> inStep = new ArrayList<>();
    private final BlockCopies copies = new BlockCopies();
    private long arrivals;
    private long forks;
    private long preemptions;
    private long reusedTokens;

    Scheduler(BlockManager blocks, int maxSequences, int maxStepTokens) {
        this.blocks = blocks;
        this.maxSequences = maxSequences;
        this.maxStepTokens = maxStepTokens;
    }

    void add(Sequence sequence) {
        sequence.attach(this, new BlockTable(blocks), arrivals++, 0);
        waiting.add(sequence);
    }

    void addFork(Sequence parent, Sequence child) {
        child.attach(this, null, parent.order(), ++forks);
        reusedTokens += child.cached();
        waiting.add(child);
    }

    boolean isIdle() {
        return waiting.isEmpty() && running.isEmpty();
    }

    int runningCount() {
        return running.size();
    }

    int waitingCount() {
        return waiting.size();
    }

    long preemptions() {
        return preemptions;
    }

    long reusedTokens() {
        return reusedTokens;
    }

    /** All sequences, oldest first; a copy. */
    List<Sequence> all() {
        List<Sequence> all = new ArrayList<>(running);
        all.addAll(waiting);
        all.sort(BY_AGE);
        return all;
    }

    /** Takes a sequence out of the steps; {@link #admit} passes it over as long as it is held. */
    void hold(Sequence sequence) {
        if (running.remove(sequence)) {
            waiting.add(sequence);
        }
    }

    /** Takes a sequence out and its blocks back. */
    void remove(Sequence sequence) {
        running.remove(sequence);
        waiting.remove(sequence);
        sequence.detach();
    }

    /** Lets waiting sequences in while there are rows, and blocks for what they have to feed. */
    void admit() {
        while (running.size() < maxSequences) {
            Sequence next = firstToAdmit();
            if (next == null) {
                return;
            }
            boolean fresh = next.cached() == 0;
            if (fresh) {
                next.reusePrefix();
            }
            next.ensurePending();
            boolean alone = running.isEmpty();
            if (!alone && next.table().missing(next.cached(), next.length()) > blocks.freeBlocks()) {
                if (fresh) {
                    next.returnPrefix(); // held while it waits, these blocks would keep younger rows from growing
                }
                return;
            }
            if (fresh) {
                reusedTokens += next.cached();
            }
            waiting.remove(next);
            running.add(next);
        }
    }

    private Sequence firstToAdmit() {
        for (Sequence s : waiting) {
            if (!s.isHeld()) {
                return s;
            }
        }
        return null;
    }

    /** Fills the batch and says which block copies must come first. */
    List<Sequence> schedule(StepBatch batch) {
        batch.clear();
        inStep.clear();
        int left = maxStepTokens;
        for (Sequence s : List.copyOf(running)) {
            if (running.contains(s) && s.pending() == 1 && makeRoom(s, 1) == 1) {
                addRow(batch, s, 1);
                left--;
            }
        }
        for (Sequence s : List.copyOf(running)) {
            if (running.contains(s) && s.pending() > 1 && left > 0) {
                int chunk = makeRoom(s, Math.min(s.pending(), left));
                if (chunk > 0) {
                    addRow(batch, s, chunk);
                    left -= chunk;
                }
            }
        }
        if (inStep.isEmpty() && !running.isEmpty()) {
            // Those that hold the blocks take no part; without this nobody would ever step again.
            preempt(waitingWithBlocks().orElseGet(running::last));
        }
        return inStep;
    }

    /** Block copies of the last {@link #schedule}. */
    BlockCopies copies() {
        return copies;
    }

    /** Fills the batch with one row that was scheduled before. */
    void scheduleAgain(StepBatch batch, Sequence s, int tokens) {
        batch.clear();
        addRow(batch, s, tokens);
    }

    /** The youngest that holds blocks without taking part: held, or waiting for a row. */
    private Optional<Sequence> waitingWithBlocks() {
        return waiting.descendingSet().stream().filter(s -> s.cached() > 0).findFirst();
    }

    /**
     * Takes blocks for the next {@code tokens} of a sequence, from the youngest if need be; returns how many tokens
     * have room.
     */
    private int makeRoom(Sequence s, int tokens) {
        int from = s.cached();
        while (s.table().missing(from, from + tokens) > blocks.freeBlocks()) {
            if (preemptYoungerThan(s)) {
                continue;
            }
            tokens = fitting(s, tokens);
            break;
        }
        if (tokens > 0) {
            s.table().prepare(from, from + tokens, copies);
        }
        return tokens;
    }

    /** How many of the tokens fit into the blocks there are. */
    private int fitting(Sequence s, int tokens) {
        while (tokens > 0 && s.table().missing(s.cached(), s.cached() + tokens) > blocks.freeBlocks()) {
            tokens--;
        }
        return tokens;
    }

    private boolean preemptYoungerThan(Sequence s) {
        Sequence victim = null;
        for (Sequence w : waiting) {
            victim = w.cached() > 0 && w.isYoungerThan(s) ? w : victim; // a fork that has not run yet
        }
        for (Sequence r : running) {
            boolean younger = r.isYoungerThan(victim == null ? s : victim);
            victim = younger && !inStep.contains(r) ? r : victim;
        }
        if (victim == null) {
            return false;
        }
        preempt(victim);
        return true;
    }

    private void preempt(Sequence victim) {
        preemptions++;
        victim.evict();
        if (running.remove(victim)) {
            waiting.add(victim);
        }
    }

    private void addRow(StepBatch batch, Sequence s, int tokens) {
        StepRow row = batch.addRow(
                s.idArray(),
                s.cached(),
                tokens,
                s.cached(),
                s.table().array(),
                s.table().count());
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
