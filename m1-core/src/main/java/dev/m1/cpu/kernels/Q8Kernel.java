package dev.m1.cpu.kernels;

import java.util.Arrays;

/**
 * Products of 8-bit weights with float activations. An output is one lane from its first input to its last:
 *
 * <pre>
 *   total = 0
 *   for each block of 32 inputs:
 *       sum = -128 * (sum of the activations that meet q + 128)
 *       for each step, for each of its four bytes, lowest first:
 *           sum = fma(byte as float, activation, sum)
 *       total = fma(sum, scale, total)
 * </pre>
 *
 * <p>A byte is not shifted down but taken where it stands, as a multiple of 2^(8 n), and meets its activation times
 * 2^(-8 n); powers of two change no rounding. The order does not depend on the number of lanes, so a matrix may be laid
 * out for the vectors at hand.
 *
 * <p>Activations of {@code G} tokens: {@code [blocks, 33, G]}, in every block first where the tokens' sums begin, then
 * {@code [step, byte, token]}. Unpacked weights: {@code [blocks * 32, width]}, then the scales, {@code [blocks,
 * width]}.
 */
public abstract class Q8Kernel implements PanelKernel<Q8Matrix> {
    static final int CHUNK = 8; // blocks whose floats stay in the L1 cache
    static final int BLOCK_FLOATS = 1 + PanelMatrix.BLOCK; // where a token's sum begins, or a row's scale, is the other
    private static final int FEW_TILES = 2; // up to here turning weights into floats costs more than it saves
    private static final float SHIFT = 0x1p-8f; // of an activation, for each byte that its weight stands higher

    /**
     * Rounds one row, as {@link Q8Matrix} says.
     *
     * @param slots {@code [blocks, 2, 16]}: the row in slot order, filled up with zeros
     * @param lanes scratch, {@code [8]}
     * @return -1, or the first input of a block in which a weight is infinite or no number; the row is then incomplete
     */
    abstract int quantize(float[] slots, int[] lanes, Q8Matrix matrix, int output);

    @Override
    public final void many(
            Q8Matrix matrix, int panel, int firstBlock, int blocks, int tiles, LinearScratch scratch) {
        int size = 4 * BLOCK_FLOATS;
        int acts = scratch.acts + firstBlock * size;
        int totals = scratch.lanes;
        if (tiles > FEW_TILES) {
            unpack(matrix, panel, firstBlock, blocks, scratch);
        }
        for (int t = 0; t < tiles; t++, acts += matrix.blocks * size, totals += 4 * width()) {
            if (tiles > FEW_TILES) {
                tile(blocks, scratch, acts, totals);
            } else {
                few(matrix, panel, firstBlock, blocks, scratch.memory, acts, totals);
            }
        }
    }

    /**
     * Adds blocks of a panel times four tokens to their totals.
     *
     * @param acts where the first of these blocks of the tokens' activations begins
     * @param totals where {@code [4, width]} begins
     */
    abstract void few(Q8Matrix matrix, int panel, int firstBlock, int blocks, float[] memory, int acts, int totals);

    /** Turns blocks of a panel into floats, where the scratch's panel begins. */
    abstract void unpack(Q8Matrix matrix, int panel, int firstBlock, int blocks, LinearScratch scratch);

    /** The same as {@link #few} from the floats that {@link #unpack} left. */
    abstract void tile(int blocks, LinearScratch scratch, int acts, int totals);

    @Override
    public final int chunk() {
        return CHUNK;
    }

    @Override
    public final int blockFloats() {
        return BLOCK_FLOATS;
    }

    @Override
    public final void pack(Q8Matrix matrix, float[] x, int from, float[] slots, float[] memory, int to, int group) {
        Lanes.spread(x, from, matrix.inputs, slots, 0, Lanes.COUNT);
        Arrays.fill(slots, Lanes.padded(matrix.inputs), matrix.blocks * PanelMatrix.BLOCK, 0);
        for (int block = 0; block < matrix.blocks; block++, to += group * BLOCK_FLOATS) {
            int s = block * PanelMatrix.BLOCK;
            memory[to] = -Q8Matrix.EXCESS * excess(slots, s);
            int at = to + group;
            for (int j = 0; j < Q8Matrix.STEPS; j++, s++, at += 4 * group) {
                memory[at] = slots[s];
                memory[at + group] = slots[s + 8] * SHIFT;
                memory[at + 2 * group] = slots[s + 16] * (SHIFT * SHIFT);
                memory[at + 3 * group] = slots[s + 24] * (SHIFT * SHIFT * SHIFT);
            }
        }
    }

    /** The sum of the activations whose weights are stored as {@code q + 128}: the first three bytes of every step. */
    private static float excess(float[] slots, int s) {
        float a0 = slots[s] + slots[s + 8] + slots[s + 16];
        float a1 = slots[s + 1] + slots[s + 9] + slots[s + 17];
        float a2 = slots[s + 2] + slots[s + 10] + slots[s + 18];
        float a3 = slots[s + 3] + slots[s + 11] + slots[s + 19];
        float a4 = slots[s + 4] + slots[s + 12] + slots[s + 20];
        float a5 = slots[s + 5] + slots[s + 13] + slots[s + 21];
        float a6 = slots[s + 6] + slots[s + 14] + slots[s + 22];
        float a7 = slots[s + 7] + slots[s + 15] + slots[s + 23];
        return ((a0 + a4) + (a2 + a6)) + ((a1 + a5) + (a3 + a7));
    }
}
