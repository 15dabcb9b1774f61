package dev.m1.cpu.kernels;

/**
 * Products with one kind of {@link PanelMatrix}. An output is one lane from its first input to its last, whatever the
 * number of tokens, of lanes or of panels at hand, and so has the same bits.
 *
 * <p>All buffers are ranges of a scratch's memory. A block of a token or of a row takes {@link #blockFloats} there.
 */
public interface PanelKernel<M extends PanelMatrix> {
    /** Rows of a panel that this kernel multiplies: those of two vectors. */
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
     * Four panels, {@code apart} from one to the next, times one token, whose activations begin where all do: {@code
     * [4, width]} are written where the scratch's lanes begin.
     */
    void four(M matrix, int panel, int apart, LinearScratch scratch);

    /** Blocks that {@link #many} multiplies at a time, at most. */
    int chunk();

    /**
     * Adds blocks of a panel times tiles of four tokens to their totals, {@code [tiles, 4, width]} where the scratch's
     * lanes begin.
     */
    void many(M matrix, int panel, int firstBlock, int blocks, int tiles, LinearScratch scratch);
}
