package dev.m1.cpu.kernels;

import java.util.Arrays;
import java.util.List;

/**
 * One or more linear layers over the same input, their outputs side by side: {@code [q | k | v]}, {@code [gate | up]},
 * or a single one. A worker computes a range of the outputs for all tokens.
 *
 * <p>Few tokens: weight rows are used straight from where they lie. For a single token each is read in ascending order,
 * which is what the memory system reads fastest; for up to 8 some rows at a time meet four tokens after four, over at
 * most 1024 elements, so that the activations stay in the L1 cache. Many tokens: 10 weight rows are unpacked to floats
 * and meet up to 96 tokens, as many as fit the L2 cache at 896 elements; tiles of 5 rows times 2 tokens (10 sums in
 * registers, of 16 that AVX2 has) run over at most 1024 elements at a time, so that a tile's weights stay in the L1
 * cache while the tokens pass by. Every output has its own 16 lanes either way, so both ways give the same bits.
 */
public final class Projection {
    static final int TILE_ROWS = 5;
    static final int TILE_TOKENS = 2;
    static final int PANEL_ROWS = 2 * TILE_ROWS;
    static final int BLOCK_TOKENS = 96;
    private static final int CHUNK_STEPS = 64; // steps of 16 elements per visit of a tile, at most
    private static final int DIRECT_TOKENS = 8; // up to here reading weights costs more than the products
    private static final int GROUP = 4; // tokens of one dot4
    private static final int FEW_ROWS = 8; // rows that meet all groups of tokens before the next rows are read

    private final Kernels kernels;
    private final Linear[] parts;
    private final int[] starts; // [parts + 1]: first output of every part
    private final int inputs;
    private final int steps;
    private final int chunk; // steps per visit of a tile
    private final boolean direct;

    public Projection(Kernels kernels, List<Linear> linears) {
        this.kernels = kernels;
        parts = linears.toArray(new Linear[0]);
        starts = new int[parts.length + 1];
        boolean allDirect = true;
        for (int i = 0; i < parts.length; i++) {
            starts[i + 1] = Math.addExact(starts[i], parts[i].outputs);
            allDirect &= parts[i].direct();
        }
        inputs = parts[0].inputs;
        steps = Lanes.padded(inputs) / Lanes.COUNT;
        int chunks = (steps + CHUNK_STEPS - 1) / CHUNK_STEPS;
        chunk = (steps + chunks - 1) / chunks + 1 & -2; // even: whole blocks of 8-bit weights
        direct = allDirect;
    }

    /** Outputs of all parts together. */
    public int outputs() {
        return starts[parts.length];
    }

    /**
     * Computes outputs {@code [begin, end)} of every token: {@code y = W x + b}, or {@code y += W x + b}.
     *
     * @param x {@code [tokens, xStride]}, of which the first {@code inputs} of each row are read
     * @param y {@code [tokens, yStride]}
     * @param accumulate whether the results are added to {@code y}
     */
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
        if (direct && tokens <= DIRECT_TOKENS) {
            few(scratch, x, xStride, tokens, y, yStride, begin, end, accumulate);
            return;
        }
        int blocks = (tokens + BLOCK_TOKENS - 1) / BLOCK_TOKENS;
        for (int b = 0; b < blocks; b++) {
            int t = blockBegin(tokens, blocks, b);
            int n = blockBegin(tokens, blocks, b + 1) - t;
            pack(scratch, x, t * xStride, xStride, n, TILE_TOKENS);
            for (int o = begin; o < end; ) {
                int part = partOf(o);
                int rows = Math.min(PANEL_ROWS, Math.min(end, starts[part + 1]) - o);
                panel(scratch, parts[part], o - starts[part], rows, n);
                store(scratch, parts[part], o - starts[part], rows, n, y, t * yStride + o, yStride, accumulate);
                o += rows;
            }
        }
    }

    /** Blocks of nearly the same size, in whole tiles: a short last one would unpack all weights for little use. */
    private static int blockBegin(int tokens, int blocks, int index) {
        int tiles = (tokens + TILE_TOKENS - 1) / TILE_TOKENS;
        return Math.min(tokens, (int) ((long) tiles * index / blocks) * TILE_TOKENS);
    }

    private void few(
            LinearScratch scratch,
            float[] x,
            int xStride,
            int tokens,
            float[] y,
            int yStride,
            int begin,
            int end,
            boolean accumulate) {
        int group = tokens == 1 ? 1 : GROUP;
        pack(scratch, x, 0, xStride, tokens, group);
        for (int o = begin; o < end; ) {
            int part = partOf(o);
            int rows = Math.min(FEW_ROWS, Math.min(end, starts[part + 1]) - o);
            int row = o - starts[part];
            if (group == 1) {
                for (int r = 0; r < rows; r++) {
                    parts[part].dot1(row + r, scratch.memory, scratch.acts, scratch.lanes + r * Lanes.COUNT);
                }
            } else {
                groups(scratch, parts[part], row, rows, tokens);
            }
            for (int t = 0; t < tokens; t++) {
                int from = scratch.lanes + (t / group * group * rows + t % group) * Lanes.COUNT;
                for (int r = 0; r < rows; r++) {
                    float sum = Lanes.sum(scratch.memory, from + r * group * Lanes.COUNT);
                    put(y, t * yStride + o + r, sum + parts[part].bias(row + r), accumulate);
                }
            }
            o += rows;
        }
    }

    /** Lanes {@code [tokens / GROUP, rows, GROUP, 16]} of some rows, piece by piece along their inputs. */
    private void groups(LinearScratch scratch, Linear linear, int firstRow, int rows, int tokens) {
        int groups = (tokens + GROUP - 1) / GROUP;
        int size = GROUP * Lanes.COUNT;
        Arrays.fill(scratch.memory, scratch.lanes, scratch.lanes + groups * rows * size, 0);
        for (int s = 0; s < steps; s += chunk) {
            int n = Math.min(chunk, steps - s);
            for (int g = 0; g < groups; g++) {
                int acts = scratch.acts + (g * steps + s) * size;
                for (int r = 0; r < rows; r++) {
                    int lanes = scratch.lanes + (g * rows + r) * size;
                    linear.dot4(firstRow + r, s * Lanes.COUNT, n * Lanes.COUNT, scratch.memory, acts, lanes);
                }
            }
        }
    }

    /**
     * Copies activation rows into slot order, {@code group} tokens interleaved: {@code [tokens / group, steps, group,
     * 16]}.
     */
    private void pack(LinearScratch scratch, float[] x, int from, int xStride, int tokens, int group) {
        int stride = group * Lanes.COUNT;
        for (int t = 0; t < tokens; t++) {
            int to = scratch.acts + (t / group * group * steps + t % group) * Lanes.COUNT;
            Lanes.spread(x, from + t * xStride, inputs, scratch.memory, to, stride);
        }
    }

    /** Computes {@code rows} outputs of {@code tokens} packed tokens; their folded lanes are left. */
    private void panel(LinearScratch scratch, Linear linear, int firstRow, int rows, int tokens) {
        int tileSize = steps * TILE_ROWS * Lanes.COUNT;
        int rowStride = TILE_ROWS * Lanes.COUNT;
        for (int r = 0; r < rows; r++) {
            int p = scratch.panel + r / TILE_ROWS * tileSize + r % TILE_ROWS * Lanes.COUNT;
            linear.unpack(firstRow + r, scratch.memory, p, rowStride, scratch.row);
        }
        int tiles = (tokens + TILE_TOKENS - 1) / TILE_TOKENS;
        int tileLanes = TILE_ROWS * TILE_TOKENS * Lanes.COUNT;
        int sums = tiles * PANEL_ROWS * TILE_TOKENS;
        Arrays.fill(scratch.memory, scratch.lanes, scratch.lanes + sums * Lanes.COUNT, 0);
        for (int s = 0; s < steps; s += chunk) {
            int n = Math.min(chunk, steps - s);
            for (int half = 0; half * TILE_ROWS < rows; half++) {
                int p = scratch.panel + half * tileSize + s * rowStride;
                for (int tile = 0; tile < tiles; tile++) {
                    int a = scratch.acts + (tile * steps + s) * TILE_TOKENS * Lanes.COUNT;
                    kernels.tile(scratch.memory, p, a, n, scratch.lanes + (tile * 2 + half) * tileLanes);
                }
            }
        }
        kernels.fold(scratch.memory, scratch.lanes, sums);
    }

    private static void store(
            LinearScratch scratch,
            Linear linear,
            int firstRow,
            int rows,
            int tokens,
            float[] y,
            int to,
            int yStride,
            boolean accumulate) {
        for (int t = 0; t < tokens; t++) {
            int from = scratch.lanes + 4 * (t / TILE_TOKENS * PANEL_ROWS * TILE_TOKENS + t % TILE_TOKENS);
            for (int r = 0; r < rows; r++) {
                float sum = Lanes.rest(scratch.memory, from + 4 * r * TILE_TOKENS);
                put(y, to + t * yStride + r, sum + linear.bias(firstRow + r), accumulate);
            }
        }
    }

    private static void put(float[] y, int index, float value, boolean accumulate) {
        y[index] = accumulate ? y[index] + value : value;
    }

    private int partOf(int output) {
        int part = 0;
        while (output >= starts[part + 1]) {
            part++;
        }
        return part;
    }
}
