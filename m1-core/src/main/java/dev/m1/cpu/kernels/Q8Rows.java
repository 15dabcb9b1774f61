package dev.m1.cpu.kernels;

import dev.m1.errors.CheckpointException;
import dev.m1.spi.WeightTensor;

/** One worker's part in rounding matrices to 8 bits: its buffers, and the loop over rows. */
public final class Q8Rows {
    private final Kernels kernels;
    private final float[] slots; // [blocks, 2, 16]: a row in slot order
    private final float[] row; // [inputs]

    private Q8Rows(Kernels kernels, int longestInput) {
        this.kernels = kernels;
        slots = new float[Q8Matrix.slots(longestInput)];
        row = new float[longestInput];
    }

    /** Buffers of all workers, for rows of up to {@code longestInput} elements. */
    public static Q8Rows[] team(Kernels kernels, int workers, int longestInput) {
        Q8Rows[] team = new Q8Rows[workers];
        for (int i = 0; i < workers; i++) {
            team[i] = new Q8Rows(kernels, longestInput);
        }
        return team;
    }

    /**
     * A stored matrix, ready to be read.
     *
     * @param name the checkpoint's own, for messages
     * @param rows what unpacks its rows
     */
    public record Source(String name, Linear rows) {}

    public static Source source(Kernels kernels, WeightTensor tensor) {
        return new Source(tensor.name(), kernels.linear(tensor, null));
    }

    /**
     * Rounds rows {@code [begin, end)}.
     *
     * @throws CheckpointException naming the place of a weight that is infinite or no number
     */
    public void quantize(Source source, Q8Matrix matrix, int begin, int end) {
        int whole = Lanes.padded(matrix.inputs);
        for (int output = begin; output < end; output++) {
            source.rows().unpack(output, slots, 0, Lanes.COUNT, row);
            for (int i = whole; i < matrix.blocks * Q8Matrix.BLOCK; i++) {
                slots[i] = 0;
            }
            int bad = kernels.quantize(slots, 0, matrix, output);
            if (bad >= 0) {
                throw notFinite(source.name(), matrix, output, bad);
            }
        }
    }

    private CheckpointException notFinite(String name, Q8Matrix matrix, int output, int block) {
        int first = matrix.inputs;
        float value = 0;
        for (int i = block; i < block + Q8Matrix.BLOCK; i++) {
            int input = Q8Matrix.input(i);
            if (!Float.isFinite(slots[i]) && input < first) {
                first = input;
                value = slots[i];
            }
        }
        return new CheckpointException("tensor " + name + ": weight [" + output + ", " + first + "] is " + value
                + ", which cannot be held in 8 bits");
    }
}
