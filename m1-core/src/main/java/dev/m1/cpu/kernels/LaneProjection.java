package dev.m1.cpu.kernels;

import java.util.Arrays;
import java.util.List;

/**
 * Products with matrices as they are stored, summed in {@link Lanes} along a row.
 *
 * <p>Few tokens: weight rows are used straight from where they lie. For a single token four rows are read side by
 * side, each from a range of its own, so that the memory system sees four long streams: a single one, or four that
 * end with every row, are not prefetched far enough. For up to 8 tokens some rows at a time meet four tokens after
 * four, over at most 1024 elements, so that the activations stay in the L1 cache. Many tokens: 10 weight rows are
 * unpacked to floats and meet up to 96 tokens, as many as fit the L2 cache at 896 elements; tiles of 5 rows times 2
 * tokens (10 sums in registers, of 16 that AVX2 has) run over at most 1024 elements at a time, so that a tile's
 * weights stay in the L1 cache while the tokens pass by. Every output has its own 16 lanes either way, so both ways
 * give the same bits.
 */
public final class LaneProjection extends Projection {
    static final int TILE_ROWS = 5;
    static final int TILE_TOKENS = 2;
    static final int PANEL_ROWS = 2 * TILE_ROWS;
    private static final int CHUNK_STEPS = 64; // steps of 16 elements per visit of a tile, at most
    private static final int DIRECT_TOKENS = 8; // up to here reading weights costs more than the products
    private static final int STREAMS = 4; // rows of one token at a time
    private static final int GROUP = 4; // tokens of one dot4
    private static final int FEW_ROWS = 8; // rows that meet all groups of tokens before the next rows are read

    private final Kernels kernels;
    private final Linear[] parts;
    private final int inputs;
    private final int steps;
    private final int chunk; // steps per visit of a tile
    private final boolean direct;

    public LaneProjection(Kernels kernels, List<Linear> linears) {
        super(linears.stream().mapToInt(linear -> linear.outputs).toArray());
        this.kernels = kernels;
        parts = linears.toArray(new Linear[0]);
        boolean allDirect = true;
        for (Linear linear : parts) {
            allDirect &= linear.direct();
        }
        inputs = parts[0].inputs;
        steps = Lanes.padded(inputs) / Lanes.COUNT;
        int chunks = (steps + CHUNK_STEPS - 1) / CHUNK_STEPS;
        chunk = (steps + chunks - 1) / chunks;
        direct = allDirect;
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
        if (direct && tokens == 1) {
            one(scratch, x, y, begin, end, accumulate);
            return;
        }
        if (direct && tokens <= DIRECT_TOKENS) {
            few(scratch, x, xStride, tokens, y, yStride, begin, end, accumulate);
            return;
        }
        int blocks = (tokens + BLOCK_TOKENS - 1) / BLOCK_TOKENS;
        for (int b = 0; b < blocks; b++) {
            int t = blockBegin(tokens, blocks, b, TILE_TOKENS);
            int n = blockBegin(tokens, blocks, b + 1, TILE_TOKENS) - t;
            pack(scratch, x, t * xStride, xStride, n, TILE_TOKENS);
            for (int o = begin; o < end; ) {
                int part = partOf(o);
                int rows = Math.min(PANEL_ROWS, Math.min(end, start(part + 1)) - o);
                panel(scratch, parts[part], o - start(part), rows, n);
                store(scratch, parts[part], o - start(part), rows, n, y, t * yStride + o, yStride, accumulate);
                o += rows;
            }
        }
    }

    /** One token: the outputs of a part in four ranges of the same length, which are read side by side. */
    private void one(LinearScratch scratch, float[] x, float[] y, int begin, int end, boolean accumulate) {
        pack(scratch, x, 0, inputs, 1, 1);
        for (int o = begin; o < end; ) {
            int part = partOf(o);
            int to = Math.min(end, start(part + 1));
            int apart = (to - o) / STREAMS;
            for (int i = o; i < o + apart; i++) {
                parts[part].dotRows(i - start(part), apart, scratch.memory, scratch.acts, scratch.lanes);
                for (int s = 0; s < STREAMS; s++) {
                    put(scratch, parts[part], s, y, start(part), i - start(part) + s * apart, accumulate);
                }
            }
            for (int i = o + STREAMS * apart; i < to; i++) {
                parts[part].dot1(i - start(part), scratch.memory, scratch.acts, scratch.lanes);
                put(scratch, parts[part], 0, y, start(part), i - start(part), accumulate);
            }
            o = to;
        }
    }

    private static void put(
            LinearScratch scratch, Linear linear, int index, float[] y, int to, int row, boolean accumulate) {
        float sum = Lanes.sum(scratch.memory, scratch.lanes + index * Lanes.COUNT);
        put(y, to + row, sum + linear.bias(row), accumulate);
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
        pack(scratch, x, 0, xStride, tokens, GROUP);
        for (int o = begin; o < end; ) {
            int part = partOf(o);
            int rows = Math.min(FEW_ROWS, Math.min(end, start(part + 1)) - o);
            int row = o - start(part);
            groups(scratch, parts[part], row, rows, tokens);
            for (int t = 0; t < tokens; t++) {
                int from = scratch.lanes + (t / GROUP * GROUP * rows + t % GROUP) * Lanes.COUNT;
                for (int r = 0; r < rows; r++) {
                    float sum = Lanes.sum(scratch.memory, from + r * GROUP * Lanes.COUNT);
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
}
