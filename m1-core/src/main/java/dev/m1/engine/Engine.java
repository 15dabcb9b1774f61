package dev.m1.engine;

import dev.m1.errors.CapacityException;
import dev.m1.errors.ModelClosedException;
import dev.m1.errors.NonFiniteLogitsException;
import dev.m1.sampling.Sampler;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import java.util.ArrayList;
import java.util.List;
import java.util.PriorityQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The loop of one open model: schedule, step, hand the sampled tokens to their drivers. It owns a daemon thread;
 * sequences come from any thread.
 */
public final class Engine implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);

    private final Decoder decoder;
    private final int vocabSize;
    private final int contextTokens;
    private final BlockManager blocks;
    private final Scheduler scheduler;
    private final StepBatch batch;
    private final StepResult result;
    private final Sampler hostSampler;
    private final RateMeter rate = new RateMeter();
    private final PriorityQueue<Sequence> expiring =
            new PriorityQueue<>((a, b) -> Long.compare(a.expiry() - b.expiry(), 0));
    private final Thread thread;

    private final Object lock = new Object();
    private final List<Sequence> inbox = new ArrayList<>(); // guarded by lock
    private boolean closing; // guarded by lock
    private Throwable stopped; // guarded by lock; what ended the loop, if it was not close()
    private long steps;
    private long fedTokens;
    private final StepRecorder recorder = new StepRecorder();
    private volatile boolean cancellations;
    private volatile EngineSnapshot snapshot = EngineSnapshot.NONE;

    /** Starts the engine's thread. The decoder is not closed with the engine; its owner does that afterwards. */
    public Engine(Decoder decoder, int vocabSize, Limits limits) {
        this.decoder = decoder;
        this.vocabSize = vocabSize;
        this.contextTokens = limits.contextTokens();
        blocks = new BlockManager(decoder.kv());
        scheduler = new Scheduler(blocks, limits.maxSequences(), limits.maxStepTokens());
        batch = new StepBatch(limits.maxSequences());
        result = new StepResult(limits.maxSequences());
        hostSampler = new Sampler(vocabSize);
        publish();
        thread = new Thread(this::run, "m1-engine");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Queues a sequence; from any thread.
     *
     * @throws CapacityException if it can never fit
     * @throws ModelClosedException if the engine is closed
     */
    public void submit(Sequence sequence) {
        if (sequence.maxTokens() > contextTokens) {
            throw new CapacityException(
                    "needs up to " + sequence.maxTokens() + " tokens, the context has " + contextTokens);
        }
        int needed = blocks.blocksFor(sequence.maxTokens());
        if (needed > blocks.totalBlocks()) {
            throw new CapacityException("needs " + needed + " KV blocks of " + blocks.blockTokens()
                    + " tokens, the pool has " + blocks.totalBlocks());
        }
        synchronized (lock) {
            if (closing) {
                throw stopped == null
                        ? closed()
                        : new ModelClosedException("the engine had stopped: " + stopped, stopped);
            }
            inbox.add(sequence);
            lock.notifyAll();
        }
    }

    /** Cancels a sequence; from any thread. It ends before the next step. */
    public void cancel(Sequence sequence) {
        sequence.cancel();
        cancellations = true;
    }

    /** What the engine is doing, as of its last step. */
    public EngineSnapshot snapshot() {
        return snapshot;
    }

    /** Fails what is in flight with {@link ModelClosedException} and ends the thread. Closing twice is fine. */
    @Override
    public void close() {
        synchronized (lock) {
            closing = true;
            lock.notifyAll();
        }
        boolean interrupted = false;
        while (thread.isAlive() && thread != Thread.currentThread()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true; // the step in progress must end before memory is unmapped under it
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void run() {
        try {
            while (takeInbox()) {
                dropExpired(); // may cancel others, which must not step again either
                dropCancelled();
                scheduler.admit();
                step(scheduler.schedule(batch));
                publish();
            }
            failAll(closed());
        } catch (Throwable t) {
            LOG.error("the engine stopped", t);
            synchronized (lock) {
                closing = true;
                stopped = t;
            }
            failAll(t);
        }
        publish();
    }

    /** Moves new sequences to the scheduler, waiting for one while there is nothing to do; false when closing. */
    private boolean takeInbox() {
        synchronized (lock) {
            boolean idle = scheduler.isIdle();
            while (inbox.isEmpty() && scheduler.isIdle() && !closing) {
                try {
                    lock.wait();
                } catch (InterruptedException e) {
                    LOG.debug("interrupt of the engine's thread ignored"); // it ends when the engine is closed
                }
            }
            if (idle) {
                rate.resume();
            }
            for (Sequence s : inbox) {
                scheduler.add(s);
                if (s.expires()) {
                    expiring.add(s);
                }
                if (s.isCancelled()) { // cancelled before it came in
                    cancellations = true; // and never |=, which could undo what another thread sets meanwhile
                }
            }
            inbox.clear();
            return !closing;
        }
    }

    private void dropCancelled() {
        if (!cancellations) {
            return;
        }
        cancellations = false; // before looking, so that none is missed
        for (Sequence s : scheduler.all()) {
            if (s.isCancelled()) {
                leave(s, SequenceEnd.CANCELLED, null);
            }
        }
    }

    private void dropExpired() {
        if (expiring.isEmpty()) {
            return;
        }
        long now = System.nanoTime();
        while (!expiring.isEmpty() && expiring.peek().expiry() - now <= 0) {
            leave(expiring.peek(), SequenceEnd.EXPIRED, null);
        }
    }

    private void step(List<Sequence> rows) {
        if (rows.isEmpty()) {
            return;
        }
        for (int i = 0; i < rows.size(); i++) {
            if (rows.get(i).hasForbidden() && batch.row(i).wantsLogits()) {
                batch.row(i).logits(new float[vocabSize]); // rare: once after a Wait
            }
        }
        recorder.begin();
        try {
            scheduler.copies().applyTo(decoder);
            decoder.step(batch, result);
        } catch (NonFiniteLogitsException | IllegalArgumentException e) {
            if (rows.size() == 1) {
                leave(rows.get(0), SequenceEnd.FAILED, e);
            } else {
                stepOneByOne(List.copyOf(rows));
            }
            return;
        } catch (RuntimeException e) {
            for (Sequence s : List.copyOf(rows)) {
                leave(s, SequenceEnd.FAILED, e);
            }
            return;
        }
        record();
        for (int i = 0; i < rows.size(); i++) {
            deliver(rows.get(i), i);
        }
    }

    private void record() {
        steps++;
        fedTokens += batch.tokens();
        rate.add(batch.tokens());
        recorder.end(batch.size(), batch.tokens(), scheduler.waitingCount());
    }

    /**
     * Finds out whose logits were not finite, or whose row the decoder refused, so that only that sequence fails.
     * Feeding the same tokens again is harmless.
     */
    private void stepOneByOne(List<Sequence> rows) {
        int[] tokens = new int[rows.size()];
        for (int i = 0; i < tokens.length; i++) {
            tokens[i] = batch.row(i).length();
        }
        for (int i = 0; i < tokens.length; i++) {
            scheduler.scheduleAgain(batch, rows.get(i), tokens[i]);
            step(List.of(rows.get(i)));
        }
    }

    private void deliver(Sequence s, int row) {
        boolean sampled = batch.row(row).sampling() != null;
        float[] logits = batch.row(row).logits();
        s.advance(batch.row(row).length());
        try {
            if (sampled) {
                s.driver().onSampled(s, s.hasForbidden() ? sampleAllowed(s, logits) : result.sampled(row));
            } else if (logits != null) {
                s.driver().onLogits(s, s.takeLogits());
            }
        } catch (RuntimeException | Error e) {
            leave(s, SequenceEnd.FAILED, e); // whatever it was, the others go on
            return;
        }
        if (s.isFinished()) {
            leave(s, SequenceEnd.FINISHED, null);
        }
    }

    private int sampleAllowed(Sequence s, float[] logits) {
        for (int id : s.takeForbidden()) {
            logits[id] = -Float.MAX_VALUE;
        }
        return hostSampler.sample(
                logits, s.sampling(), s.idArray(), s.length(), s.generatedFrom(), s.sampleIndex(), s.length());
    }

    private void failAll(Throwable cause) {
        synchronized (lock) {
            inbox.forEach(scheduler::add);
            inbox.clear();
        }
        // a driver may fork at its end, but what it forks then is failed as well
        while (!scheduler.isIdle()) {
            scheduler.all().forEach(s -> leave(s, SequenceEnd.FAILED, cause));
        }
    }

    private void leave(Sequence s, SequenceEnd how, Throwable cause) {
        scheduler.remove(s);
        if (s.expires()) {
            expiring.remove(s);
        }
        try {
            s.driver().onEnd(s, how, cause);
        } catch (RuntimeException | Error e) {
            if (how == SequenceEnd.FAILED) {
                LOG.warn("a sequence's driver failed at its end", e);
            } else {
                endFailed(s, e);
            }
        }
    }

    /** Its driver could not end it as it ended; whoever waits for it must hear something. */
    private static void endFailed(Sequence s, Throwable cause) {
        try {
            s.driver().onEnd(s, SequenceEnd.FAILED, cause);
        } catch (RuntimeException | Error e) {
            e.addSuppressed(cause);
            LOG.warn("a sequence's driver failed at its end", e);
        }
    }

    private void publish() {
        snapshot = new EngineSnapshot(
                scheduler.runningCount(),
                scheduler.waitingCount(),
                blocks.totalBlocks(),
                blocks.totalBlocks() - blocks.freeBlocks(),
                steps,
                fedTokens,
                rate.perSecond(),
                scheduler.preemptions(),
                scheduler.reusedTokens());
    }

    private static ModelClosedException closed() {
        return new ModelClosedException("the model was closed");
    }
}
