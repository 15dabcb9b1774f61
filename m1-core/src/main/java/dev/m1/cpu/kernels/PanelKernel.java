package dev.m1.cpu.kernels;

/**
 * Products with one kind of {@link PanelMatrix}. An output is one lane from its first input to its last, whatever the
 * number of tokens, of lanes or of panels at hand, and so has the same bits.
 *
 * <p>All buffers are ranges of one array. A block of a token or of a row takes {@link #blockFloats} there.
 */
public interface PanelKernel<M extends PanelMatrix> {
    /** Rows of a panel that this kernel multiplies. */
    int width();

    /** Floats of a block of 32 inputs: those, and what else this kind of weights needs. */
    int blockFloats();

    /**
     * Copies a token's activations, {@code x[from … from + inputs - 1]}, to where the products want them.
     *
     * @param slots scratch, a row filled up to whole blocks
     * @param to where {@code [blocks, blockFloats, group]} begins, moved by this token's place in its group
     * @param group how many tokens are interleaved: 1 or 4
     */
    void pack(M matrix, float[] x, int from, float[] slots, float[] memory, int to, int group);

    /**
     * Four panels, {@code apart} from one to the next, times one token.
     *
     * @param acts where the activations of one token begin
     * @param totals where {@code [4, width]} is written
     */
    void four(M matrix, int panel, int apart, float[] memory, int acts, int totals);

    /**
     * Turns blocks of two panels into floats.
     *
     * @param second the second panel
     * @param to where {@code blocks * blockFloats * 2 * width} floats are written
     */
    void unpack(M matrix, int panel, int second, int firstBlock, int blocks, float[] memory, int to);

    /**
     * Adds unpacked blocks times four tokens to their totals.
     *
     * @param unpacked what {@link #unpack} wrote
     * @param acts where the first of the same blocks of four tokens' activations begins
     * @param totals where {@code [2, 4, width]} begins
     */
    void tile(float[] memory, int unpacked, int blocks, int acts, int totals);
}
