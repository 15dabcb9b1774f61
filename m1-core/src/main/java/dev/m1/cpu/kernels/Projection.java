package dev.m1.cpu.kernels;

/**
 * One or more linear layers over the same input, their outputs side by side: {@code [q | k | v]}, {@code [gate | up]},
 * or a single one.
 *
 * <p>Tokens are multiplied in blocks. Of each, the activations are first packed, by whichever workers, into memory that
 * all share; then workers multiply them, each a range of the outputs. An output has the same bits whatever range it is
 * computed in and whatever tokens are beside its own.
 */
public abstract class Projection {
    /** Tokens whose activations are packed at a time, at most. */
    static final int BLOCK_TOKENS = 96;

    private static final int TILE_TOKENS = 4; // blocks begin at multiples

    private final int[] starts; // [parts + 1]: first output of every part

    /** @param outputs {@code [parts]} */
    Projection(int[] outputs) {
        starts = new int[outputs.length + 1];
        for (int i = 0; i < outputs.length; i++) {
            starts[i + 1] = Math.addExact(starts[i], outputs[i]);
        }
    }

    /** Outputs of all parts together. */
    public final int outputs() {
        return starts[starts.length - 1];
    }

    /** Blocks in which so many tokens are multiplied. */
    public static int blocks(int tokens) {
        return (tokens + BLOCK_TOKENS - 1) / BLOCK_TOKENS;
    }

    /** First token of a block: they have nearly the same size. That of the block behind the last is {@code tokens}. */
    public static int blockBegin(int tokens, int block) {
        int tiles = (tokens + TILE_TOKENS - 1) / TILE_TOKENS;
        return Math.min(tokens, (int) ((long) tiles * block / blocks(tokens)) * TILE_TOKENS);
    }

    /** Tokens that are packed together; the ranges of {@link #pack} begin at multiples. */
    public abstract int packUnit(int tokens);

    /** Outputs of the smallest range that is as fast per output as a long one. */
    public abstract int outputUnit(int tokens);

    /**
     * Packs the activations of a block's tokens {@code [begin, end)}.
     *
     * @param x {@code [tokens, stride]} from {@code at} on, of which the first {@code inputs} of each row are read
     * @param tokens of the block
     */
    public abstract void pack(
            LinearScratch scratch, float[] x, int at, int stride, int tokens, int begin, int end);

    /**
     * Computes outputs {@code [begin, end)} of every token of a block whose activations are packed: {@code W x + b}.
     *
     * @param tokens of the block
     */
    public final void multiply(LinearScratch scratch, int tokens, Target target, int begin, int end) {
        for (int o = begin; o < end; ) {
            int part = partOf(o);
            int start = starts[part];
            int to = Math.min(end, starts[part + 1]);
            scratch.target.set(target, bias(part), start);
            multiplyPart(scratch, part, tokens, o - start, to - start);
            o = to;
        }
    }

    /** The bias of a part, {@code [outputs]}, or null. */
    abstract float[] bias(int part);

    /** Puts the sums of rows {@code [begin, end)} of a part to the worker's target. */
    abstract void multiplyPart(LinearScratch scratch, int part, int tokens, int begin, int end);

    /**
     * Does all blocks on this thread: {@code y = W x + b}, or {@code y += W x + b}.
     *
     * @param x {@code [tokens, xStride]}, of which the first {@code inputs} of each row are read
     * @param y {@code [tokens, yStride]}, of which outputs {@code [begin, end)} are written
     * @param accumulate whether the results are added to {@code y}
     */
    public final void apply(
            LinearScratch scratch,
            float[] x,
            int xStride,
            int tokens,
            float[] y,
            int yStride,
            int begin,
            int end,
            boolean accumulate) {
        Target target = new Target();
        for (int b = 0; b < blocks(tokens); b++) {
            int first = blockBegin(tokens, b);
            int count = blockBegin(tokens, b + 1) - first;
            pack(scratch, x, first * xStride, xStride, count, 0, count);
            target.set(y, first * yStride, yStride, accumulate);
            multiply(scratch, count, target, begin, end);
        }
    }

    private int partOf(int output) {
        int part = 0;
        while (output >= starts[part + 1]) {
            part++;
        }
        return part;
    }
}
