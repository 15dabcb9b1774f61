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
 * Grouped-query attention over the paged cache. One piece of work is a tile of up to 8 neighbouring tokens of one row
 * and up to 4 query heads that share a key/value head: every block of the context is turned into floats once, meets
 * all of them, and each sees as much of it as came before it.
 */
final class Attention {
    /** Tokens of a tile, at most. */
    static final int TOKENS = 8;

    private final Kernels kernels;
    private final AttentionKernel kernel;
    private final KvStorage storage;
    private final KvCache cache;
    private final MemorySegment pool;
    private final int headDim;
    private final int valueStride;
    private final int group; // query heads per key/value head
    private final int headTiles; // pieces of up to QUERIES heads in a group
    private final int piecesPerTile; // of work
    private final float scale;
    private final int queryDim;
    private final int qkvDim;
    private final int[] starts; // [tiles + 1]: first token of each tile, as an index into the tokens that count
    private StepPlan plan;
    private boolean wantedOnly;
    private int tiles;

    Attention(ModelSpec spec, int maxTokens, Kernels kernels, KvCache cache, KvStorage storage) {
        this.kernels = kernels;
        this.cache = cache;
        this.storage = storage;
        kernel = kernels.attention(cache.layout());
        pool = cache.pool();
        headDim = spec.headDim();
        valueStride = cache.layout().valueStride();
        group = spec.heads() / spec.kvHeads();
        headTiles = (group + KvLayout.QUERIES - 1) / KvLayout.QUERIES;
        piecesPerTile = spec.kvHeads() * headTiles;
        scale = (float) (1 / Math.sqrt(headDim));
        queryDim = spec.queryDim();
        qkvDim = queryDim + 2 * spec.kvDim();
        starts = new int[maxTokens + 1];
    }

    /** Cuts a step's tokens into tiles: neighbours of one row belong together. */
    void planAll(StepPlan step) {
        plan = step;
        wantedOnly = false;
        tiles = 0;
        for (int i = 0; i < step.tokens(); i++) {
            boolean goesOn = i > 0 && step.rowIndex(i) == step.rowIndex(i - 1) && i - starts[tiles - 1] < TOKENS;
            if (!goesOn) {
                starts[tiles++] = i;
            }
        }
        starts[tiles] = step.tokens();
    }

    /** Makes a tile of every token whose logits are wanted; the others do not count. */
    void planWanted(StepPlan step) {
        plan = step;
        wantedOnly = true;
        tiles = step.wantedCount();
        for (int i = 0; i <= tiles; i++) {
            starts[i] = i;
        }
    }

    /** Pieces of work of what was planned. */
    int pieces() {
        return Math.multiplyExact(tiles, piecesPerTile);
    }

    /**
     * Does pieces {@code [begin, end)}.
     *
     * @param qkv {@code [tokens, qkvDim]}, queries first, rotated
     * @param out {@code [tokens that count, queryDim]}
     */
    void run(Scratch scratch, int layer, float[] qkv, float[] out, int begin, int end) {
        for (int i = begin; i < end; i++) {
            int tile = spread(i / piecesPerTile, tiles);
            int index = starts[tile];
            int count = starts[tile + 1] - index;
            int token = wantedOnly ? plan.wantedToken(index) : index;
            int kvHead = i % piecesPerTile / headTiles;
            int firstOfGroup = i % headTiles * KvLayout.QUERIES; // headTiles divides piecesPerTile
            int heads = Math.min(KvLayout.QUERIES, group - firstOfGroup);
            int head = kvHead * group + firstOfGroup;
            for (int j = 0; j < count; j++) {
                int from = (token + j) * qkvDim + head * headDim;
                System.arraycopy(qkv, from, scratch.queries, queries(j), heads * headDim);
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

    // Where a tile's token j has its queries [QUERIES, headDim] and its sums [QUERIES, valueStride].
    private int queries(int j) {
        return j * KvLayout.QUERIES * headDim;
    }

    private int sums(int j) {
        return j * KvLayout.QUERIES * valueStride;
    }

    /** Softmax over the keys, then the weighted sums of values, of {@code count} tokens from {@code position} on. */
    private void piece(
            Scratch scratch, StepRow row, int layer, int kvHead, int position, int count, int heads) {
        int[] table = row.blockTable();
        float[] scores = scratch.scores;
        int stride = scratch.scoreStride;
        boolean two = heads <= 2;
        int context = position + count; // of the last token
        for (int t = 0; t < context; t += KvLayout.BLOCK) {
            storage.readKeys(pool, cache.keys(table[t / KvLayout.BLOCK], layer, kvHead), scratch.block);
            for (int j = Math.max(0, t - position); j < count; j++) {
                int to = j * KvLayout.QUERIES * stride + t;
                if (two) {
                    kernel.scoresOfTwo(scratch.block, scratch.queries, queries(j), scale, scores, to, stride);
                } else {
                    kernel.scores(scratch.block, scratch.queries, queries(j), scale, scores, to, stride);
                }
            }
        }
        for (int j = 0; j < count; j++) {
            for (int h = 0; h < heads; h++) {
                int i = j * KvLayout.QUERIES + h;
                scratch.totals[i] = kernels.expSum(scores, i * stride, position + j + 1, scratch.lanes);
            }
        }
        Arrays.fill(scratch.sums, 0, sums(count), 0);
        for (int t = 0; t < context; t += KvLayout.BLOCK) {
            long values = cache.values(table[t / KvLayout.BLOCK], layer, kvHead);
            storage.readValues(pool, values, Math.min(KvLayout.BLOCK, context - t), scratch.block);
            for (int j = Math.max(0, t - position); j < count; j++) {
                int visible = Math.min(KvLayout.BLOCK, position + j + 1 - t);
                int from = j * KvLayout.QUERIES * stride + t;
                if (two) {
                    kernel.mixOfTwo(scratch.block, visible, scores, from, stride, scratch.sums, sums(j));
                } else {
                    kernel.mix(scratch.block, visible, scores, from, stride, scratch.sums, sums(j));
                }
            }
        }
    }

    private void write(Scratch scratch, int j, int heads, float[] out, int to) {
        for (int h = 0; h < heads; h++) {
            int from = sums(j) + h * valueStride;
            float total = scratch.totals[j * KvLayout.QUERIES + h];
            for (int d = 0; d < headDim; d++) {
                out[to + h * headDim + d] = scratch.sums[from + d] / total;
            }
        }
    }
}
