package dev.m1.cpu.kernels;

/**
 * One or more linear layers over the same input, their outputs side by side: {@code [q | k | v]}, {@code [gate | up]},
 * or a single one. A worker computes a range of the outputs for all tokens; an output has the same bits whatever range
 * it is computed in and whatever tokens are beside its own.
 */
public abstract class Projection {
    /** Tokens whose activations a worker holds at a time. */
    static final int BLOCK_TOKENS = 96;

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

    /**
     * Computes outputs {@code [begin, end)} of every token: {@code y = W x + b}, or {@code y += W x + b}.
     *
     * @param x {@code [tokens, xStride]}, of which the first {@code inputs} of each row are read
     * @param y {@code [tokens, yStride]}
     * @param accumulate whether the results are added to {@code y}
     */
    public abstract void apply(
            LinearScratch scratch,
            float[] x,
            int xStride,
            int tokens,
            float[] y,
            int yStride,
            int begin,
            int end,
            boolean accumulate);

    /** The part that an output belongs to. */
    final int partOf(int output) {
        int part = 0;
        while (output >= starts[part + 1]) {
            part++;
        }
        return part;
    }

    /** First output of a part; that of the part behind the last is {@link #outputs}. */
    final int start(int part) {
        return starts[part];
    }

    /** Where a block of tokens begins: blocks have nearly the same size, in whole tiles. */
    static int blockBegin(int tokens, int blocks, int index, int tileTokens) {
        int tiles = (tokens + tileTokens - 1) / tileTokens;
        return Math.min(tokens, (int) ((long) tiles * index / blocks) * tileTokens);
    }

    static void put(float[] y, int index, float value, boolean accumulate) {
        y[index] = accumulate ? y[index] + value : value;
    }
}
