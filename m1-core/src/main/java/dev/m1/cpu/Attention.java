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
 * sees as much of it as came before it. A piece has all heads of the group, so that the cache is read once, unless that
 * leaves too few pieces for the workers: then 4 heads and more tokens.
 */
final class Attention {
    /** Tokens times heads of a piece, at most. */
    static final int ROWS = 32;

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
    private final int enoughPieces; // for all workers to be busy to the end
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
        enoughPieces = workers == 1 ? 1 : 2 * workers;
        scale = (float) (1 / Math.sqrt(headDim));
        queryDim = spec.queryDim();
        qkvDim = queryDim + 2 * spec.kvDim();
        starts = new int[maxTokens + 1];
    }

    /** Cuts a step's tokens into tiles: neighbours of one row belong together. */
    void planAll(StepPlan step) {
        plan = step;
        wantedOnly = false;
        cut(wholeSlots);
        if (pieces() < enoughPieces) {
            cut(QUERIES);
        }
    }

    private void cut(int slotsPerToken) {
        slots = slotsPerToken;
        tiles = 0;
        for (int i = 0; i < plan.tokens(); i++) {
            boolean goesOn = i > 0 && plan.rowIndex(i) == plan.rowIndex(i - 1) && i - starts[tiles - 1] < ROWS / slots;
            if (!goesOn) {
                starts[tiles++] = i;
            }
        }
        starts[tiles] = plan.tokens();
    }

    /** Makes a tile of every token whose logits are wanted; the others do not count. */
    void planWanted(StepPlan step) {
        plan = step;
        wantedOnly = true;
        tiles = step.wantedCount();
        for (int i = 0; i <= tiles; i++) {
            starts[i] = i;
        }
        slots = wholeSlots;
        if (pieces() < enoughPieces) {
            slots = QUERIES;
        }
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
        float[] scores = scratch.scores;
        int stride = scratch.scoreStride;
        int context = position + count; // of the last token
        for (int t = 0; t < context; t += KvLayout.BLOCK) {
            storage.readKeys(pool, cache.keys(table[t / KvLayout.BLOCK], layer, kvHead), scratch.block);
            for (int j = Math.max(0, t - position); j < count; j++) {
                for (int h = 0; h < heads; h += QUERIES) {
                    int i = j * slots + h;
                    if (heads - h <= 2) {
                        kernel.scoresOfTwo(
                                scratch.block, scratch.queries, i * headDim, scale, scores, i * stride + t, stride);
                    } else {
                        kernel.scores(
                                scratch.block, scratch.queries, i * headDim, scale, scores, i * stride + t, stride);
                    }
                }
            }
        }
        for (int j = 0; j < count; j++) {
            for (int i = j * slots; i < j * slots + heads; i++) {
                scratch.totals[i] = kernels.expSum(scores, i * stride, position + j + 1, scratch.lanes);
            }
        }
        Arrays.fill(scratch.sums, 0, count * slots * valueStride, 0);
        for (int t = 0; t < context; t += KvLayout.BLOCK) {
            long values = cache.values(table[t / KvLayout.BLOCK], layer, kvHead);
            storage.readValues(pool, values, Math.min(KvLayout.BLOCK, context - t), scratch.block);
            for (int j = Math.max(0, t - position); j < count; j++) {
                int visible = Math.min(KvLayout.BLOCK, position + j + 1 - t);
                for (int h = 0; h < heads; h += QUERIES) {
                    int i = j * slots + h;
                    int from = i * stride + t;
                    if (heads - h <= 2) {
                        kernel.mixOfTwo(scratch.block, visible, scores, from, stride, scratch.sums, i * valueStride);
                    } else {
                        kernel.mix(scratch.block, visible, scores, from, stride, scratch.sums, i * valueStride);
                    }
                }
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
