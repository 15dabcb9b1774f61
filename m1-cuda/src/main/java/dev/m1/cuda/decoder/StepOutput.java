package dev.m1.cuda.decoder;

import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.PinnedBuffer;
import dev.m1.cuda.kernels.Activations;
import dev.m1.errors.NonFiniteLogitsException;
import dev.m1.sampling.Sampler;
import dev.m1.sampling.Sampling;
import dev.m1.sampling.TopIds;
import dev.m1.spi.StepPlan;
import dev.m1.spi.StepResult;
import dev.m1.spi.StepRow;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the rows wanted. A greedy row needs one id, which the device has found; logits come to the host only for rows
 * that ask for them, for likeliest ids, or for a sampled id, which core's reference sampler picks.
 */
final class StepOutput {
    private static final int INFINITE = 0x7f800000; // bits of infinity; a NaN's are above
    private static final int STAGED_ROWS = 16;

    private final CudaStream stream;
    private final PinnedBuffer results; // [2, maxRows] ints
    private final PinnedBuffer staging; // [staged rows, vocab] floats
    private final Activations logits; // [maxRows, vocab]
    private final long deviceResults;
    private final int maxRows;
    private final int vocabSize;
    private final int[] staged; // [staged rows]: wanted rows whose logits are in staging
    private final float[] row; // [vocab]
    private final Sampler sampler;
    private int stagedCount;

    StepOutput(
            CudaStream stream,
            PinnedBuffer results,
            PinnedBuffer staging,
            Activations logits,
            long deviceResults,
            int maxRows) {
        this.stream = stream;
        this.results = results;
        this.staging = staging;
        this.logits = logits;
        this.deviceResults = deviceResults;
        this.maxRows = maxRows;
        vocabSize = logits.width();
        staged = new int[stagedRows(maxRows)];
        row = new float[vocabSize];
        sampler = new Sampler(vocabSize);
    }

    /** Bytes of the buffer for ids and bits. */
    static long resultBytes(int maxRows) {
        return 2L * maxRows * Integer.BYTES;
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
            stream.download(deviceResults, results.memory(), resultBytes(maxRows));
        }
        stream.synchronize();
        checkFinite(plan);
        stagedCount = 0;
        for (int i = 0; i < wanted; i++) {
            int r = plan.wanted(i);
            StepRow wish = plan.row(r);
            if (needsLogits(wish)) {
                stage(i);
                if (stagedCount == staged.length) {
                    serveStaged(plan, out);
                }
            } else {
                out.sampled(r, best(i));
            }
        }
        serveStaged(plan, out);
        for (int i = 0; i < wanted; i++) {
            int r = plan.wanted(i);
            if (plan.row(r).sampling() != null) {
                plan.sampled(r, out.sampled(r));
            }
        }
    }

    private int best(int i) {
        return results.memory().getAtIndex(ValueLayout.JAVA_INT, i);
    }

    private void checkFinite(StepPlan plan) {
        for (int i = 0; i < plan.wantedCount(); i++) {
            if (results.memory().getAtIndex(ValueLayout.JAVA_INT, (long) maxRows + i) >= INFINITE) {
                int r = plan.wanted(i);
                throw new NonFiniteLogitsException("row " + r + ": the logits after position "
                        + (plan.row(r).contextLength() - 1) + " are not finite");
            }
        }
    }

    private static boolean needsLogits(StepRow wish) {
        Sampling sampling = wish.sampling();
        return wish.logits() != null
                || wish.topLogprobs() > 0
                || sampling != null && !(sampling.isGreedy() && !sampling.hasPenalties());
    }

    private void stage(int i) {
        MemorySegment to = staging.memory().asSlice((long) stagedCount * vocabSize * Float.BYTES);
        long from = logits.address() + (long) i * logits.stride() * Float.BYTES;
        stream.download(from, to, (long) vocabSize * Float.BYTES);
        staged[stagedCount++] = i;
    }

    private void serveStaged(StepPlan plan, StepResult out) {
        if (stagedCount == 0) {
            return;
        }
        stream.synchronize();
        for (int s = 0; s < stagedCount; s++) {
            long from = (long) s * vocabSize * Float.BYTES;
            MemorySegment.copy(staging.memory(), ValueLayout.JAVA_FLOAT, from, row, 0, vocabSize);
            serve(plan, plan.wanted(staged[s]), best(staged[s]), out);
        }
        stagedCount = 0;
    }

    /** Serves a row whose logits are in {@link #row}. */
    private void serve(StepPlan plan, int r, int best, StepResult out) {
        StepRow wish = plan.row(r);
        if (wish.logits() != null) {
            System.arraycopy(row, 0, wish.logits(), 0, vocabSize);
        }
        if (wish.topLogprobs() > 0) {
            int[] ids = out.topIds(r);
            TopIds.select(row, 0, vocabSize, wish.topLogprobs(), ids);
            double logSum = Math.log(sumOfExponents(row[best]));
            for (int j = 0; j < Math.min(wish.topLogprobs(), vocabSize); j++) {
                out.topLogprobs(r)[j] = (float) (row[ids[j]] - row[best] - logSum);
            }
        }
        Sampling sampling = wish.sampling();
        if (sampling == null) {
            return;
        }
        boolean likeliest = sampling.isGreedy() && !sampling.hasPenalties();
        out.sampled(
                r,
                likeliest
                        ? best
                        : sampler.sample(
                                row, // penalties are applied in place; nobody needs the row afterwards
                                sampling,
                                wish.history(),
                                wish.historyLength(),
                                wish.generatedFrom(),
                                wish.sampleIndex(),
                                wish.contextLength()));
    }

    private double sumOfExponents(float largest) {
        double sum = 0;
        for (int i = 0; i < vocabSize; i++) {
            sum += Math.exp(row[i] - largest);
        }
        return sum;
    }
}
