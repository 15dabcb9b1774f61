package dev.m1.cpu;

import dev.m1.cpu.kernels.Kernels;
import dev.m1.cpu.kernels.KvKernel;
import dev.m1.cpu.kernels.KvLayout;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.StepPlan;
import dev.m1.spi.StepRow;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Grouped-query attention over the paged cache. One piece of work is one token and up to 4 query heads that share a
 * key/value head; it reads the whole context, block by block, and depends on nothing else.
 */
final class Attention {
    private final Kernels kernels;
    private final KvKernel kernel;
    private final KvCache cache;
    private final MemorySegment pool;
    private final int headDim;
    private final int valueStride;
    private final int group; // query heads per key/value head
    private final int tiles; // pieces of up to QUERIES heads in a group
    private final int pieces; // pieces of work per token
    private final float scale;
    private final int queryDim;
    private final int qkvDim;

    Attention(ModelSpec spec, Kernels kernels, KvCache cache, KvKernel kernel) {
        this.kernels = kernels;
        this.kernel = kernel;
        this.cache = cache;
        pool = cache.pool();
        headDim = spec.headDim();
        valueStride = cache.layout().valueStride();
        group = spec.heads() / spec.kvHeads();
        tiles = (group + KvLayout.QUERIES - 1) / KvLayout.QUERIES;
        pieces = spec.kvHeads() * tiles;
        scale = (float) (1 / Math.sqrt(headDim));
        queryDim = spec.queryDim();
        qkvDim = queryDim + 2 * spec.kvDim();
    }

    /** Pieces of work in a step. */
    int work(int tokens) {
        return Math.multiplyExact(tokens, pieces);
    }

    /**
     * Does pieces {@code [begin, end)}.
     *
     * @param wantedOnly whether only the tokens whose logits are wanted count
     * @param qkv {@code [tokens, qkvDim]}, queries first, rotated
     * @param out {@code [tokens that count, queryDim]}
     */
    void run(
            Scratch scratch,
            StepPlan plan,
            int layer,
            boolean wantedOnly,
            float[] qkv,
            float[] out,
            int begin,
            int end) {
        int tokens = wantedOnly ? plan.wantedCount() : plan.tokens();
        for (int i = begin; i < end; i++) {
            int index = spread(i / pieces, tokens);
            int token = wantedOnly ? plan.wantedToken(index) : index;
            int kvHead = i % pieces / tiles;
            int firstOfGroup = i % tiles * KvLayout.QUERIES; // tiles divides pieces
            piece(scratch, plan, layer, qkv, out, index * queryDim, token, kvHead, firstOfGroup);
        }
    }

    /** First, last, second, last but one, …: later tokens of a prompt have more context, so this evens out ranges. */
    private static int spread(int i, int tokens) {
        return i % 2 == 0 ? i / 2 : tokens - 1 - i / 2;
    }

    private void piece(
            Scratch scratch,
            StepPlan plan,
            int layer,
            float[] qkv,
            float[] out,
            int to,
            int token,
            int kvHead,
            int firstOfGroup) {
        StepRow row = plan.rowOf(token);
        int context = plan.position(token) + 1;
        int heads = Math.min(KvLayout.QUERIES, group - firstOfGroup);
        int head = kvHead * group + firstOfGroup;
        float[] queries = scratch.queries;
        float[] scores = scratch.scores;
        float[] sums = scratch.sums;
        int stride = scratch.scoreStride;
        boolean two = heads <= 2;

        System.arraycopy(qkv, token * qkvDim + head * headDim, queries, 0, heads * headDim);
        for (int t = 0; t < context; t += KvLayout.BLOCK) {
            long keys = cache.keys(row.blockTable()[t / KvLayout.BLOCK], layer, kvHead);
            if (two) {
                kernel.scoresOfTwo(pool, keys, queries, scale, scores, t, stride);
            } else {
                kernel.scores(pool, keys, queries, scale, scores, t, stride);
            }
        }
        for (int h = 0; h < heads; h++) {
            scratch.totals[h] = kernels.expSum(scores, h * stride, context, scratch.lanes);
        }
        Arrays.fill(sums, 0);
        for (int t = 0; t < context; t += KvLayout.BLOCK) {
            long values = cache.values(row.blockTable()[t / KvLayout.BLOCK], layer, kvHead);
            int count = Math.min(KvLayout.BLOCK, context - t);
            if (two) {
                kernel.mixOfTwo(pool, values, count, scores, t, stride, sums);
            } else {
                kernel.mix(pool, values, count, scores, t, stride, sums);
            }
        }
        for (int h = 0; h < heads; h++) {
            int place = to + (head + h) * headDim;
            for (int d = 0; d < headDim; d++) {
                out[place + d] = sums[h * valueStride + d] / scratch.totals[h];
            }
        }
    }
}
