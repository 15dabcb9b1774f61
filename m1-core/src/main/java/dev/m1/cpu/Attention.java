package dev.m1.cpu;

import dev.m1.cpu.kernels.AttentionKernel;
import dev.m1.cpu.kernels.Kernels;
import dev.m1.cpu.kernels.KvLayout;
import dev.m1.cpu.kernels.KvStorage;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.StepPlan;
import dev.m1.spi.StepRow;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Grouped-query attention over the paged cache. One piece of work is a tile of neighbouring tokens of one row and query
 * heads that share a key/value head: every block of the context is turned into floats once, meets all of them, and each
 * sees as much of it as came before it. A piece has all heads of the group, so that the cache is read once, or 4 heads
 * and more tokens where that gives the workers less to wait for.
 */
final class Attention {
    /** Tokens times heads of a piece, at most. */
    static final int ROWS = 32;

    /** Tokens of the context whose keys or values are floats at a time. */
    static final int SPAN = 4 * KvLayout.BLOCK;

    private static final int READING = 8; // rows with whose work that of reading the context compares

    private static final int QUERIES = KvLayout.QUERIES; // heads of a call of the kernel, at most

    private final Kernels kernels;
    private final AttentionKernel kernel;
    private final KvStorage storage;
    private final KvCache cache;
    private final MemorySegment pool;
    private final int headDim;
    private final int valueStride;
    private final int group; // query heads per key/value head
    private final int kvHeads;
    private final int wholeSlots; // of a group, or as many of them as a piece can have
    private final int workers;
    private final float scale;
    private final int queryDim;
    private final int qkvDim;
    private final int[] starts; // [tiles + 1]: first token of each tile, as an index into the tokens that count
    private StepPlan plan;
    private boolean wantedOnly;
    private int slots; // rows that a token takes in a piece: its heads, rounded up to QUERIES
    private int tiles;

    Attention(ModelSpec spec, int maxTokens, int workers, Kernels kernels, KvCache cache, KvStorage storage) {
        this.kernels = kernels;
        this.cache = cache;
        this.storage = storage;
        kernel = kernels.attention(cache.layout());
        pool = cache.pool();
        headDim = spec.headDim();
        valueStride = cache.layout().valueStride();
        group = spec.heads() / spec.kvHeads();
        kvHeads = spec.kvHeads();
        wholeSlots = Math.min(ROWS, (group + QUERIES - 1) / QUERIES * QUERIES);
        this.workers = workers;
        scale = (float) (1 / Math.sqrt(headDim));
        queryDim = spec.queryDim();
        qkvDim = queryDim + 2 * spec.kvDim();
        starts = new int[maxTokens + 1];
    }

    /** Cuts a step's tokens into tiles: neighbours of one row belong together. */
    void planAll(StepPlan step) {
        plan(step, false);
    }

    /** Makes a tile of every token whose logits are wanted; the others do not count. */
    void planWanted(StepPlan step) {
        plan(step, true);
    }

    /** Takes whichever number of heads in a piece keeps the workers busy for less time. */
    private void plan(StepPlan step, boolean onlyWanted) {
        plan = step;
        wantedOnly = onlyWanted;
        cut(wholeSlots);
        if (wholeSlots > QUERIES) {
            double whole = time();
            cut(QUERIES);
            if (whole <= time()) {
                cut(wholeSlots);
            }
        }
    }

    private void cut(int slotsPerToken) {
        slots = slotsPerToken;
        tiles = 0;
        int tokens = wantedOnly ? plan.wantedCount() : plan.tokens();
        for (int i = 0; i < tokens; i++) {
            boolean goesOn = !wantedOnly
                    && i > 0
                    && plan.rowIndex(i) == plan.rowIndex(i - 1)
                    && i - starts[tiles - 1] < ROWS / slots;
            if (!goesOn) {
                starts[tiles++] = i;
            }
        }
        starts[tiles] = tokens;
    }

    /** How long the workers take for the tokens as they are cut now, in rows. */
    private double time() {
        return Math.ceilDiv(pieces(), workers) * (READING + (double) starts[tiles] * slots / tiles);
    }

    /** Pieces of work of what was planned. */
    int pieces() {
        return Math.multiplyExact(tiles, kvHeads * headTiles());
    }

    /** Pieces that the heads of a group are cut into. */
    private int headTiles() {
        return (group + slots - 1) / slots;
    }

    /**
     * Does pieces {@code [begin, end)}.
     *
     * @param qkv {@code [tokens, qkvDim]}, queries first, rotated
     * @param out {@code [tokens that count, queryDim]}
     */
    void run(Scratch scratch, int layer, float[] qkv, float[] out, int begin, int end) {
        int headTiles = headTiles();
        for (int i = begin; i < end; i++) {
            int tile = spread(i / headTiles / kvHeads, tiles);
            int index = starts[tile];
            int count = starts[tile + 1] - index;
            int token = wantedOnly ? plan.wantedToken(index) : index;
            int kvHead = i / headTiles % kvHeads;
            int firstOfGroup = i % headTiles * slots;
            int heads = Math.min(slots, group - firstOfGroup);
            int head = kvHead * group + firstOfGroup;
            for (int j = 0; j < count; j++) {
                int from = (token + j) * qkvDim + head * headDim;
                System.arraycopy(qkv, from, scratch.queries, j * slots * headDim, heads * headDim);
            }
            piece(scratch, plan.rowOf(token), layer, kvHead, plan.position(token), count, heads);
            for (int j = 0; j < count; j++) {
                write(scratch, j, heads, out, (index + j) * queryDim + head * headDim);
            }
        }
    }

    /** First, last, second, last but one, …: later tokens of a prompt have more context, so this evens out ranges. */
    private static int spread(int i, int count) {
        return i % 2 == 0 ? i / 2 : count - 1 - i / 2;
    }

    /** Softmax over the keys, then the weighted sums of values, of {@code count} tokens from {@code position} on. */
    private void piece(
            Scratch scratch, StepRow row, int layer, int kvHead, int position, int count, int heads) {
        int[] table = row.blockTable();
        int context = position + count; // of the last token
        for (int t = 0; t < context; t += SPAN) {
            int end = Math.min(context, t + SPAN);
            for (int b = t, at = 0; b < end; b += KvLayout.BLOCK, at += headDim * KvLayout.BLOCK) {
                storage.readKeys(pool, cache.keys(table[b / KvLayout.BLOCK], layer, kvHead), scratch.span, at);
            }
            for (int b = t, at = 0; b < end; b += KvLayout.BLOCK, at += headDim * KvLayout.BLOCK) {
                for (int j = Math.max(0, b - position); j < count; j++) {
                    scores(scratch, at, j * slots, heads, b);
                }
            }
        }
        for (int j = 0; j < count; j++) {
            for (int i = j * slots; i < j * slots + heads; i++) {
                scratch.totals[i] =
                        kernels.expSum(scratch.scores, i * scratch.scoreStride, position + j + 1, scratch.lanes);
            }
        }
        Arrays.fill(scratch.sums, 0, count * slots * valueStride, 0);
        for (int t = 0; t < context; t += SPAN) {
            int end = Math.min(context, t + SPAN);
            for (int b = t, at = 0; b < end; b += KvLayout.BLOCK, at += KvLayout.BLOCK * valueStride) {
                long values = cache.values(table[b / KvLayout.BLOCK], layer, kvHead);
                storage.readValues(pool, values, Math.min(KvLayout.BLOCK, end - b), scratch.span, at);
            }
            for (int j = Math.max(0, t - position); j < count; j++) {
                mix(scratch, Math.min(SPAN, position + j + 1 - t), j * slots, heads, t);
            }
        }
    }

    /** Scores of rows {@code [row, row + heads)} with the block that begins at {@code t}. */
    private void scores(Scratch scratch, int keys, int row, int heads, int t) {
        float[] scores = scratch.scores;
        int stride = scratch.scoreStride;
        for (int i = row; i < row + heads; i += QUERIES) {
            int to = i * stride + t;
            if (row + heads - i <= 2) {
                kernel.scoresOfTwo(scratch.span, keys, scratch.queries, i * headDim, scale, scores, to, stride);
            } else {
                kernel.scores(scratch.span, keys, scratch.queries, i * headDim, scale, scores, to, stride);
            }
        }
    }

    /** Adds the first {@code count} values of the span that begins at {@code t} to rows {@code [row, row + heads)}. */
    private void mix(Scratch scratch, int count, int row, int heads, int t) {
        int stride = scratch.scoreStride;
        for (int i = row; i < row + heads; i += QUERIES) {
            int from = i * stride + t;
            if (row + heads - i <= 2) {
                kernel.mixOfTwo(scratch.span, count, scratch.scores, from, stride, scratch.sums, i * valueStride);
            } else {
                kernel.mix(scratch.span, count, scratch.scores, from, stride, scratch.sums, i * valueStride);
            }
        }
    }

    private void write(Scratch scratch, int j, int heads, float[] out, int to) {
        for (int h = 0; h < heads; h++) {
            int i = j * slots + h;
            float total = scratch.totals[i];
            for (int d = 0; d < headDim; d++) {
                out[to + h * headDim + d] = scratch.sums[i * valueStride + d] / total;
            }
        }
    }
}
