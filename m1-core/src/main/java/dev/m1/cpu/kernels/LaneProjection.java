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
    public int packUnit(int tokens) {
        return isDirect(tokens) ? tokens == 1 ? 1 : GROUP : TILE_TOKENS;
    }

    @Override
    public int outputUnit(int tokens) {
        return isDirect(tokens) ? 2 * FEW_ROWS : 2 * PANEL_ROWS;
    }

    private boolean isDirect(int tokens) {
        return direct && tokens <= DIRECT_TOKENS;
    }

    /** In slot order, some tokens interleaved: {@code [tokens / packUnit, steps, packUnit, 16]}. */
    @Override
    public void pack(LinearScratch scratch, float[] x, int at, int stride, int tokens, int begin, int end) {
        int group = packUnit(tokens);
        for (int t = begin; t < end; t++) {
            int to = scratch.acts + (t / group * group * steps + t % group) * Lanes.COUNT;
            Lanes.spread(x, at + t * stride, inputs, scratch.memory, to, group * Lanes.COUNT);
        }
    }

    @Override
    float[] bias(int part) {
        return parts[part].bias;
    }

    @Override
    void multiplyPart(LinearScratch scratch, int part, int tokens, int begin, int end) {
        if (!isDirect(tokens)) {
            many(scratch, parts[part], tokens, begin, end);
        } else if (tokens > 1) {
            few(scratch, parts[part], tokens, begin, end);
        } else {
            one(scratch, parts[part], begin, end);
        }
    }

    /** One token: rows {@code [begin, end)} of a part in four ranges of the same length, read side by side. */
    private static void one(LinearScratch scratch, Linear linear, int begin, int end) {
        int apart = (end - begin) / STREAMS;
        for (int row = begin; row < begin + apart; row++) {
            linear.dotRows(row, apart, scratch.memory, scratch.acts, scratch.lanes);
            for (int s = 0; s < STREAMS; s++) {
                scratch.target.put(0, row + s * apart, Lanes.sum(scratch.memory, scratch.lanes + s * Lanes.COUNT));
            }
        }
        for (int row = begin + STREAMS * apart; row < end; row++) {
            linear.dot1(row, scratch.memory, scratch.acts, scratch.lanes);
            scratch.target.put(0, row, Lanes.sum(scratch.memory, scratch.lanes));
        }
    }

    private void few(LinearScratch scratch, Linear linear, int tokens, int begin, int end) {
        for (int first = begin; first < end; first += FEW_ROWS) {
            int rows = Math.min(FEW_ROWS, end - first);
            groups(scratch, linear, first, rows, tokens);
            for (int t = 0; t < tokens; t++) {
                int from = scratch.lanes + (t / GROUP * GROUP * rows + t % GROUP) * Lanes.COUNT;
                for (int r = 0; r < rows; r++) {
                    scratch.target.put(t, first + r, Lanes.sum(scratch.memory, from + r * GROUP * Lanes.COUNT));
                }
            }
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

    private void many(LinearScratch scratch, Linear linear, int tokens, int begin, int end) {
        for (int first = begin; first < end; first += PANEL_ROWS) {
            int rows = Math.min(PANEL_ROWS, end - first);
            panel(scratch, linear, first, rows, tokens);
            for (int t = 0; t < tokens; t++) {
                int from = scratch.lanes + 4 * (t / TILE_TOKENS * PANEL_ROWS * TILE_TOKENS + t % TILE_TOKENS);
                for (int r = 0; r < rows; r++) {
                    scratch.target.put(t, first + r, Lanes.rest(scratch.memory, from + 4 * r * TILE_TOKENS));
                }
            }
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
}
