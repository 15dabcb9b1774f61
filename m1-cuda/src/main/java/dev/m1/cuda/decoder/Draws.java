package dev.m1.cuda.decoder;

import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.PinnedBuffer;
import dev.m1.cuda.kernels.Sample;
import dev.m1.cuda.kernels.StepInput;
import dev.m1.sampling.Sampling;
import dev.m1.spi.StepPlan;
import dev.m1.spi.StepRow;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Describes to the device the ids that are more than the likeliest; histories travel only for rows with penalties. */
final class Draws {
    private final PinnedBuffer pinned;
    private final StepInput device;
    private int count;
    private int historyLength; // of all rows

    /**
     * @param pinned laid out like {@code device}
     */
    Draws(PinnedBuffer pinned, StepInput device) {
        this.pinned = pinned;
        this.device = device;
    }

    /** Whether a row wants an id that is more than its likeliest. */
    static boolean needed(StepRow row) {
        Sampling sampling = row.sampling();
        return sampling != null && !(sampling.isGreedy() && !sampling.hasPenalties());
    }

    /** Writes a step's draws into the page-locked memory; returns their number. */
    int describe(StepPlan plan) {
        count = 0;
        historyLength = 0;
        for (int i = 0; i < plan.wantedCount(); i++) {
            StepRow row = plan.row(plan.wanted(i));
            if (needed(row)) {
                long at = device.draws() - device.counts() + (long) count++ * Sample.DRAW_BYTES;
                int history = row.sampling().hasPenalties() ? row.historyLength() : 0;
                describe(pinned.memory().asSlice(at, Sample.DRAW_BYTES), row, history, i, plan.wanted(i));
                append(row, history);
            }
        }
        return count;
    }

    private void describe(MemorySegment to, StepRow row, int history, int wanted, int index) {
        Sampling s = row.sampling();
        to.setAtIndex(ValueLayout.JAVA_DOUBLE, 0, s.temperature());
        to.setAtIndex(ValueLayout.JAVA_DOUBLE, 1, s.topP());
        to.setAtIndex(ValueLayout.JAVA_DOUBLE, 2, s.minP());
        to.setAtIndex(ValueLayout.JAVA_DOUBLE, 3, s.repetitionPenalty());
        to.setAtIndex(ValueLayout.JAVA_DOUBLE, 4, s.presencePenalty());
        to.setAtIndex(ValueLayout.JAVA_DOUBLE, 5, s.frequencyPenalty());
        to.setAtIndex(ValueLayout.JAVA_LONG, 6, s.seed());
        to.setAtIndex(ValueLayout.JAVA_LONG, 7, row.sampleIndex());
        to.setAtIndex(ValueLayout.JAVA_INT, 16, s.topK());
        to.setAtIndex(ValueLayout.JAVA_INT, 17, row.contextLength());
        to.setAtIndex(ValueLayout.JAVA_INT, 18, historyLength);
        to.setAtIndex(ValueLayout.JAVA_INT, 19, history);
        to.setAtIndex(ValueLayout.JAVA_INT, 20, row.generatedFrom());
        to.setAtIndex(ValueLayout.JAVA_INT, 21, wanted);
        to.setAtIndex(ValueLayout.JAVA_INT, 22, index);
    }

    private void append(StepRow row, int length) {
        if (length > 0) {
            long at = device.history() - device.counts() + (long) historyLength * Integer.BYTES;
            MemorySegment.copy(row.history(), 0, pinned.memory(), ValueLayout.JAVA_INT, at, length);
            historyLength += length;
        }
    }

    /** Sends what {@link #describe} wrote. */
    void send(CudaStream stream) {
        if (count > 0) {
            send(stream, device.draws(), (long) count * Sample.DRAW_BYTES);
        }
        if (historyLength > 0) {
            send(stream, device.history(), (long) historyLength * Integer.BYTES);
        }
    }

    private void send(CudaStream stream, long to, long bytes) {
        stream.upload(pinned.memory().asSlice(to - device.counts()), to, bytes);
    }
}
