package dev.m1.cpu.kernels;

import java.util.Arrays;

/**
 * Products of stored weights in panels. An output:
 *
 * <pre>
 *   total = 0
 *   for each 1024 inputs:
 *       sum = 0
 *       for each of them: sum = fma(weight, activation, sum)
 *       total = total + sum
 * </pre>
 *
 * <p>Activations of {@code G} tokens: {@code [blocks * 32, G]}.
 */
abstract class PackedKernel implements PanelKernel<PackedMatrix> {
    static final int CHUNK = 1024; // inputs of a sum

    @Override
    public final int chunk() {
        return CHUNK / PanelMatrix.BLOCK;
    }

    @Override
    public final int blockFloats() {
        return PanelMatrix.BLOCK;
    }

    @Override
    public final void pack(
            PackedMatrix matrix, float[] x, int from, float[] slots, float[] memory, int to, int group) {
        if (group == 1) {
            System.arraycopy(x, from, memory, to, matrix.inputs);
            Arrays.fill(memory, to + matrix.inputs, to + matrix.blocks * PanelMatrix.BLOCK, 0);
            return;
        }
        for (int i = 0; i < matrix.inputs; i++) {
            memory[to + i * group] = x[from + i];
        }
        for (int i = matrix.inputs; i < matrix.blocks * PanelMatrix.BLOCK; i++) {
            memory[to + i * group] = 0;
        }
    }

    @Override
    public final void many(
            PackedMatrix matrix, int panel, int firstBlock, int blocks, int tiles, LinearScratch scratch) {
        int acts = scratch.acts + firstBlock * (4 * PanelMatrix.BLOCK);
        for (int t = 0; t < tiles; t++, acts += matrix.blocks * (4 * PanelMatrix.BLOCK)) {
            tile(matrix, panel, firstBlock, blocks, scratch.memory, acts, scratch.lanes + t * 4 * width());
        }
    }

    /**
     * Adds blocks of a panel times four tokens to their totals.
     *
     * @param acts where the first of these blocks of the tokens' activations begins
     * @param totals where {@code [4, width]} begins
     */
    abstract void tile(
            PackedMatrix matrix, int panel, int firstBlock, int blocks, float[] memory, int acts, int totals);
}
