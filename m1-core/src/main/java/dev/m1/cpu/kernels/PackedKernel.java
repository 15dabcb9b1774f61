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
        long start = matrix.words(panel, firstBlock * PanelMatrix.BLOCK);
        long bytes = matrix.words(0, blocks * PanelMatrix.BLOCK);
        boolean moreToRead = tiles > 1 && start + 2 * bytes <= matrix.words.byteSize();
        for (int t = 0; t < tiles; t++, acts += matrix.blocks * (4 * PanelMatrix.BLOCK)) {
            long ahead = moreToRead && t < 2 ? start + bytes + t * (bytes / 2) : start;
            tile(matrix, start, blocks, scratch, acts, scratch.lanes + t * 4 * width(), ahead);
        }
    }

    /**
     * Adds a part of a panel times four tokens to their totals. Only the first tile waits for weights from memory, the
     * others find them in a cache; so the first two also touch one half each of what comes next.
     *
     * @param start where the part's words begin, in bytes
     * @param blocks of the part
     * @param acts where the tokens' activations of these inputs begin
     * @param totals where {@code [4, width]} begins
     * @param ahead where to touch half as many bytes as the part has, in bytes
     */
    abstract void tile(
            PackedMatrix matrix, long start, int blocks, LinearScratch scratch, int acts, int totals, long ahead);
}
