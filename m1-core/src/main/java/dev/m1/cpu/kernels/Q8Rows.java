package dev.m1.cpu.kernels;

import dev.m1.errors.CheckpointException;
import dev.m1.spi.WeightTensor;
import java.lang.foreign.SegmentAllocator;
import java.util.Arrays;

/** One worker's part in rounding matrices to 8 bits: its buffers, and the loop over rows. */
public final class Q8Rows {
    private final Q8Kernel kernel;
    private final int[] lanes = new int[Q8Matrix.STEPS];
    private final float[] slots; // [blocks, 2, 16]: a row in slot order
    private final float[] row; // [inputs]

    private Q8Rows(Kernels kernels, int longestInput) {
        kernel = kernels.q8();
        slots = new float[PanelMatrix.padded(longestInput)];
        row = new float[longestInput];
    }

    /** A matrix to be filled, laid out for these kernels. */
    public static Q8Matrix matrix(Kernels kernels, int outputs, int inputs, SegmentAllocator memory) {
        return new Q8Matrix(outputs, inputs, kernels.q8().width(), memory);
    }

    /** Bytes of such a matrix. */
    public static long bytes(Kernels kernels, int outputs, int inputs) {
        return Q8Matrix.bytes(outputs, inputs, kernels.q8().width());
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
            Arrays.fill(slots, whole, matrix.blocks * Q8Matrix.BLOCK, 0);
            int bad = kernel.quantize(slots, lanes, matrix, output);
            if (bad >= 0) {
                throw notFinite(source.name(), matrix, output, bad);
            }
        }
    }

    private CheckpointException notFinite(String name, Q8Matrix matrix, int output, int block) {
        int first = matrix.inputs;
        float value = 0;
        for (int slot = 0; slot < Q8Matrix.BLOCK; slot++) {
            float weight = slots[block + slot];
            int input = block + Q8Matrix.input(slot % Q8Matrix.STEPS, slot / Q8Matrix.STEPS);
            if (!Float.isFinite(weight) && input < first) {
                first = input;
                value = weight;
            }
        }
        return new CheckpointException("tensor " + name + ": weight [" + output + ", " + first + "] is " + value
                + ", which cannot be held in 8 bits");
    }
}
