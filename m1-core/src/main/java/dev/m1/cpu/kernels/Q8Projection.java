package dev.m1.cpu.kernels;

import java.util.Arrays;
import java.util.List;

/**
 * Products with matrices of 8-bit integers, see {@link Q8Kernel}.
 *
 * <p>A single token meets four panels at a time, each from a range of its own, so that the memory system sees four long
 * streams. For more tokens two panels, a few blocks of them at a time, are turned into floats that stay in the L1 cache
 * while the tokens pass by, four by four.
 */
public final class Q8Projection extends Projection {
    private static final int STREAMS = 4; // panels of one token at a time
    private static final int TILE_TOKENS = 4;
    private static final int TILE_PANELS = 2;
    private static final int CHUNK = 8; // blocks that are unpacked at a time
    private static final int BLOCK = 1 + Q8Matrix.BLOCK; // floats of a token's block, of a row's unpacked block
    private static final float SHIFT = 0x1p-8f; // of an activation, for each byte that its weight stands higher

    private final Q8Kernel kernel;
    private final Q8Linear[] parts;
    private final int inputs;
    private final int blocks;
    private final int width;

    public Q8Projection(Kernels kernels, List<Q8Linear> linears) {
        super(linears.stream().mapToInt(linear -> linear.matrix().outputs).toArray());
        kernel = kernels.q8();
        parts = linears.toArray(new Q8Linear[0]);
        inputs = parts[0].matrix().inputs;
        blocks = parts[0].matrix().blocks;
        width = kernel.width();
    }

    /** Floats that unpacked weights take. */
    static int unpackedFloats() {
        return CHUNK * BLOCK * TILE_PANELS * Lanes.COUNT;
    }

    /** Floats that the activations of so many tokens take. */
    static long actsFloats(int tokens, int inputs) {
        return (long) tokens * Q8Matrix.blocks(inputs) * BLOCK;
    }

    /** Floats that the totals of so many tokens take. */
    static int totalsFloats(int tokens) {
        return tokens * TILE_PANELS * Lanes.COUNT;
    }

    @Override
    public void apply(
            LinearScratch scratch,
            float[] x,
            int xStride,
            int tokens,
            float[] y,
            int yStride,
            int begin,
            int end,
            boolean accumulate) {
        if (begin == end || tokens == 0) {
            return;
        }
        int blocksOfTokens = (tokens + BLOCK_TOKENS - 1) / BLOCK_TOKENS;
        for (int b = 0; b < blocksOfTokens; b++) {
            int t = blockBegin(tokens, blocksOfTokens, b, TILE_TOKENS);
            int n = blockBegin(tokens, blocksOfTokens, b + 1, TILE_TOKENS) - t;
            int group = n == 1 ? 1 : TILE_TOKENS;
            pack(scratch, x, t * xStride, xStride, n, group);
            for (int o = begin; o < end; ) {
                int part = partOf(o);
                int to = Math.min(end, start(part + 1));
                scratch.target.set(parts[part], y, t * yStride + start(part), yStride, accumulate);
                if (group == 1) {
                    one(scratch, o - start(part), to - start(part));
                } else {
                    many(scratch, n, o - start(part), to - start(part));
                }
                o = to;
            }
        }
    }

    /** Activations as {@link Q8Kernel} reads them, {@code group} tokens interleaved. */
    private void pack(LinearScratch scratch, float[] x, int from, int xStride, int tokens, int group) {
        float[] memory = scratch.memory;
        for (int t = 0; t < tokens; t++) {
            float[] row = scratch.slots;
            Lanes.spread(x, from + t * xStride, inputs, row, 0, Lanes.COUNT);
            Arrays.fill(row, Lanes.padded(inputs), blocks * Q8Matrix.BLOCK, 0);
            int to = scratch.acts + t / group * group * blocks * BLOCK;
            for (int block = 0; block < blocks; block++, to += group * BLOCK) {
                int s = block * Q8Matrix.BLOCK;
                memory[to + t % group] = -Q8Matrix.EXCESS * excess(row, s);
                int at = to + group + t % group;
                for (int j = 0; j < Q8Matrix.STEPS; j++, s++, at += 4 * group) {
                    memory[at] = row[s];
                    memory[at + group] = row[s + 8] * SHIFT;
                    memory[at + 2 * group] = row[s + 16] * (SHIFT * SHIFT);
                    memory[at + 3 * group] = row[s + 24] * (SHIFT * SHIFT * SHIFT);
                }
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

    /** Rows {@code [begin, end)} of a part for one token. */
    private void one(LinearScratch scratch, int begin, int end) {
        int first = begin / width;
        int last = (end + width - 1) / width;
        int apart = (last - first) / STREAMS;
        for (int p = first; p < first + apart; p++) {
            four(scratch, p, apart, begin, end);
        }
        int rest = first + STREAMS * apart;
        if (rest < last && last - first >= STREAMS) { // some panels again, whose rows are stored already
            four(scratch, last - STREAMS, 1, Math.max(begin, rest * width), end);
        } else {
            for (int p = rest; p < last; p++) {
                four(scratch, p, 0, begin, end);
            }
        }
    }

    private void four(LinearScratch scratch, int panel, int apart, int begin, int end) {
        kernel.four(scratch.target.matrix(), panel, apart, scratch.memory, scratch.acts, scratch.lanes);
        int streams = apart == 0 ? 1 : STREAMS;
        for (int s = 0; s < streams; s++) {
            store(scratch, 0, panel + s * apart, scratch.lanes + s * width, begin, end);
        }
    }

    /** Rows {@code [begin, end)} of a part for a block of tokens. */
    private void many(LinearScratch scratch, int tokens, int begin, int end) {
        Q8Matrix matrix = scratch.target.matrix();
        int tiles = (tokens + TILE_TOKENS - 1) / TILE_TOKENS;
        int size = TILE_PANELS * TILE_TOKENS * width; // totals of a tile
        int last = (end + width - 1) / width;
        for (int p = begin / width; p < last; p += TILE_PANELS) {
            int second = Math.min(p + 1, last - 1);
            Arrays.fill(scratch.memory, scratch.lanes, scratch.lanes + tiles * size, 0);
            for (int b = 0; b < blocks; b += CHUNK) {
                int n = Math.min(CHUNK, blocks - b);
                kernel.unpack(matrix, p, second, b, n, scratch.memory, scratch.panel);
                for (int tile = 0; tile < tiles; tile++) {
                    int acts = scratch.acts + (tile * blocks + b) * TILE_TOKENS * BLOCK;
                    kernel.tile(scratch.memory, scratch.panel, n, acts, scratch.lanes + tile * size);
                }
            }
            for (int t = 0; t < tokens; t++) {
                int from = scratch.lanes + t / TILE_TOKENS * size + t % TILE_TOKENS * width;
                store(scratch, t, p, from, begin, end);
                if (second > p) {
                    store(scratch, t, second, from + TILE_TOKENS * width, begin, end);
                }
            }
        }
    }

    /** The rows of a panel that lie in {@code [begin, end)}. */
    private void store(LinearScratch scratch, int t, int panel, int totals, int begin, int end) {
        int first = panel * width;
        for (int row = Math.max(begin, first); row < Math.min(end, first + width); row++) {
            scratch.target.put(t, row, scratch.memory[totals + row - first]);
        }
    }
}
