package dev.m1.cuda.decoder;

import dev.m1.spi.StepRow;

/**
 * How the results of a step lie behind each other, on the device and where the host reads them: first what every step
 * gives, then the likeliest ids, which few ask for.
 *
 * @param rows most rows of a step
 */
record Results(int rows) {
    /** {@code [rows]} ints: the likeliest id of every wanted row. */
    long best() {
        return 0;
    }

    /** {@code [rows]} ints: bits of the largest magnitude of every wanted row. */
    long largestBits() {
        return (long) rows * Integer.BYTES;
    }

    /** {@code [rows]} ints, by index in the step: ids that were drawn. */
    long sampled() {
        return 2L * rows * Integer.BYTES;
    }

    /** Bytes of what every step gives. */
    long shortBytes() {
        return 3L * rows * Integer.BYTES;
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
