package dev.m1.cuda.decoder;

import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.PinnedBuffer;
import dev.m1.cuda.kernels.Activations;
import dev.m1.cuda.kernels.Likeliest;
import dev.m1.errors.NonFiniteLogitsException;
import dev.m1.spi.StepPlan;
import dev.m1.spi.StepResult;
import dev.m1.spi.StepRow;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the rows wanted. Ids and likeliest ids were found on the device; logits come to the host only for rows that ask
 * for them.
 */
final class StepOutput {
    private static final int STAGED_ROWS = 16;

    private final CudaStream stream;
    private final Results layout;
    private final PinnedBuffer results; // as laid out
    private final long deviceResults;
    private final PinnedBuffer staging; // [staged rows, vocab] floats
    private final Activations logits; // [maxRows, vocab]
    private final int vocabSize;
    private final int[] staged; // [staged rows]: wanted rows whose logits are in staging
    private int stagedCount;
    private long waitedNanos;

    StepOutput(
            CudaStream stream,
            Results layout,
            PinnedBuffer results,
            long deviceResults,
            PinnedBuffer staging,
            Activations logits) {
        this.stream = stream;
        this.layout = layout;
        this.results = results;
        this.deviceResults = deviceResults;
        this.staging = staging;
        this.logits = logits;
        vocabSize = logits.width();
        staged = new int[stagedRows(layout.rows())];
    }

    /** Bytes of the buffer for logits. */
    static long stagingBytes(int maxRows, int vocabSize) {
        return (long) stagedRows(maxRows) * vocabSize * Float.BYTES;
    }

    private static int stagedRows(int maxRows) {
        return Math.min(maxRows, STAGED_ROWS);
    }

    /**
     * Waits for the step and serves its rows.
     *
     * @throws NonFiniteLogitsException naming the first row whose logits are not finite, and its position
     */
    void finish(StepPlan plan, StepResult out) {
        int wanted = plan.wantedCount();
        if (wanted > 0) {
            long bytes = anyTop(plan) ? layout.bytes() : layout.shortBytes();
            stream.download(deviceResults, results.memory(), bytes);
        }
        await();
        checkFinite(plan);
        stagedCount = 0;
        for (int i = 0; i < wanted; i++) {
            if (plan.row(plan.wanted(i)).logits() != null) {
                stage(i);
                if (stagedCount == staged.length) {
                    serveStaged(plan);
                }
            }
        }
        serveStaged(plan);
        for (int i = 0; i < wanted; i++) {
            serve(plan, i, out);
        }
    }

    private void await() {
        long start = System.nanoTime();
        stream.synchronize();
        waitedNanos += System.nanoTime() - start;
    }

    /** Time that steps have waited for the device; what remains of a step's time is the host's. */
    long waitedNanos() {
        return waitedNanos;
    }

    private static boolean anyTop(StepPlan plan) {
        for (int i = 0; i < plan.wantedCount(); i++) {
            if (plan.row(plan.wanted(i)).topLogprobs() > 0) {
                return true;
            }
        }
        return false;
    }

    private int number(long array, int index) {
        return results.memory().get(ValueLayout.JAVA_INT, array + (long) index * Integer.BYTES);
    }

    private long likeliest(int i) {
        return results.memory().get(ValueLayout.JAVA_LONG, layout.likeliest() + (long) i * Likeliest.BYTES);
    }

    private void checkFinite(StepPlan plan) {
        for (int i = 0; i < plan.wantedCount(); i++) {
            if (!Likeliest.finite(likeliest(i))) {
                int r = plan.wanted(i);
                throw new NonFiniteLogitsException("row " + r + ": the logits after position "
                        + (plan.row(r).contextLength() - 1) + " are not finite");
            }
        }
    }

    private void stage(int i) {
        MemorySegment to = staging.memory().asSlice((long) stagedCount * vocabSize * Float.BYTES);
        long from = logits.address() + (long) i * logits.stride() * Float.BYTES;
        stream.download(from, to, (long) vocabSize * Float.BYTES);
        staged[stagedCount++] = i;
    }

    private void serveStaged(StepPlan plan) {
        if (stagedCount == 0) {
            return;
        }
        await();
        for (int s = 0; s < stagedCount; s++) {
            float[] to = plan.row(plan.wanted(staged[s])).logits();
            long from = (long) s * vocabSize * Float.BYTES;
            MemorySegment.copy(staging.memory(), ValueLayout.JAVA_FLOAT, from, to, 0, vocabSize);
        }
        stagedCount = 0;
    }

    /** The ids of wanted row {@code i}. */
    private void serve(StepPlan plan, int i, StepResult out) {
        int r = plan.wanted(i);
        StepRow wish = plan.row(r);
        if (wish.topLogprobs() > 0) {
            int count = Math.min(wish.topLogprobs(), vocabSize);
            long from = (long) i * StepRow.MAX_TOP * Integer.BYTES;
            MemorySegment memory = results.memory();
            MemorySegment.copy(memory, ValueLayout.JAVA_INT, layout.topIds() + from, out.topIds(r), 0, count);
            MemorySegment.copy(
                    memory, ValueLayout.JAVA_FLOAT, layout.topLogprobs() + from, out.topLogprobs(r), 0, count);
        }
        if (wish.sampling() != null) {
            int id = Draws.needed(wish) ? number(layout.sampled(), r) : Likeliest.id(likeliest(i));
            out.sampled(r, id);
            plan.sampled(r, id);
        }
    }
}
