package dev.m1.cuda.decoder;

import dev.m1.cuda.kernels.Likeliest;
import dev.m1.spi.StepRow;

/**
 * How the results of a step lie behind each other, on the device and where the host reads them: first what every step
 * gives, then the likeliest ids, which few ask for.
 *
 * @param rows most rows of a step
 */
record Results(int rows) {
    /** {@code [rows]} 64-bit integers, one for every wanted row, see {@link Likeliest}. */
    long likeliest() {
        return 0;
    }

    /** {@code [rows]} ints, by index in the step: ids that were drawn. */
    long sampled() {
        return (long) rows * Likeliest.BYTES;
    }

    /** Bytes of what every step gives. */
    long shortBytes() {
        return sampled() + (long) rows * Integer.BYTES;
    }

    /** {@code [rows, MAX_TOP]} ints: likeliest ids of wanted rows. */
    long topIds() {
        return shortBytes();
    }

    /** {@code [rows, MAX_TOP]} floats beside {@link #topIds}. */
    long topLogprobs() {
        return topIds() + (long) rows * StepRow.MAX_TOP * Integer.BYTES;
    }

    /** Bytes of everything. */
    long bytes() {
        return topLogprobs() + (long) rows * StepRow.MAX_TOP * Float.BYTES;
    }
}
