package dev.m1.cpu.kernels;

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
 * <p>All buffers are ranges of one array. Activations of {@code G} tokens: {@code [blocks, G + 32 * G]}, in every block
 * first where the tokens' sums begin, then {@code [step, byte, token]}, see {@link Q8Projection}.
 */
interface Q8Kernel {
    /** Rows of a panel that this kernel multiplies. */
    int width();

    /**
     * Rounds one row, as {@link Q8Matrix} says.
     *
     * @param slots {@code [blocks, 2, 16]}: the row in slot order, filled up with zeros
     * @param lanes scratch, {@code [8]}
     * @return -1, or the first input of a block in which a weight is infinite or no number; the row is then incomplete
     */
    int quantize(float[] slots, int[] lanes, Q8Matrix matrix, int output);

    /**
     * Four panels, {@code apart} from one to the next, times one token.
     *
     * @param acts where the activations of one token begin
     * @param totals where {@code [4, width]} is written
     */
    void four(Q8Matrix matrix, int panel, int apart, float[] memory, int acts, int totals);

    /**
     * Turns blocks of two panels into floats.
     *
     * @param second the second panel
     * @param to where {@code [blocks * 32, 2, width]} is written, then the scales, {@code [blocks, 2, width]}
     */
    void unpack(Q8Matrix matrix, int panel, int second, int firstBlock, int blocks, float[] memory, int to);

    /**
     * Adds unpacked blocks times four tokens to their totals.
     *
     * @param unpacked what {@link #unpack} wrote
     * @param acts where the first of the same blocks of four tokens' activations begins
     * @param totals where {@code [2, 4, width]} begins
     */
    void tile(float[] memory, int unpacked, int blocks, int acts, int totals);
}
