package dev.m1.cuda.kernels;

import dev.m1.cuda.driver.CudaKernel;
import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.KernelArguments;
import java.lang.foreign.Arena;

/**
 * {@code mixed = softmax(q k / sqrt(headDim)) v} over the cache. Keys are taken in splits of {@link #SPLIT} positions,
 * each with a softmax of its own, merged in ascending order: by one block, or by many and the last of them. The bits
 * are the same, so the list of items may share out the work in any way.
 *
 * <p>An item is {@code {first token, tokens, split, slot}}: with split -1 its block does all positions of its tokens,
 * else positions {@code [256 split, 256 split + 256)} of one token, whose partial result goes to number {@code slot +
 * split}.
 *
 * <p>A cache of bfloat16 is multiplied on tensor cores, unless heads have more than 128 elements; the bits differ from
 * those of the other kernels, so a cache stays with one of them for all steps.
 */
public final class Attention implements Operation {
    /** Positions of a split. */
    public static final int SPLIT = 256;

    private static final int USUAL_SHARED_BYTES = 48 << 10;

    private final AttentionVariant variant;
    private final CudaKernel kernel;
    private final KernelArguments arguments;
    private final int workers;
    private final int splits; // of the longest sequence
    private final int kvHeads;

    /**
     * @param qkv queries first, rotated
     * @param partials {@code [slots, heads, headDim + 2]} floats, or 0 if no item has a split
     * @param counters {@code [tokens, kvHeads]} ints, zeros, or 0 if no item has a split
     * @param workers most blocks per kv head; they share the items
     * @param splits most splits of a token
     */
    public Attention(
            Kernels kernels,
            Arena arena,
            Activations qkv,
            KvPool pool,
            int layer,
            int heads,
            StepInput step,
            Activations mixed,
            long partials,
            long counters,
            int workers,
            int splits) {
        Shapes.require(
                mixed.width() == heads * pool.headDim(), "%d heads of %d in %d", heads, pool.headDim(), mixed.width());
        Shapes.require(heads % pool.kvHeads() == 0, "%d heads over %d", heads, pool.kvHeads());
        this.workers = workers;
        this.splits = splits;
        kvHeads = pool.kvHeads();
        variant = AttentionVariant.of(pool, kernels.tensorCores());
        kernel = kernels.kernel(variant.symbol());
        if (variant.sharedBytes() > USUAL_SHARED_BYTES) {
            kernel.allowSharedBytes(variant.sharedBytes());
        }
        arguments = KernelArguments.in(arena)
                .pointer(qkv.address())
                .number(qkv.stride())
                .pointer(pool.address())
                .wide(pool.pageStride())
                .wide(layer * pool.layerStride())
                .pointer(step.blockTables())
                .number(step.tableStride())
                .pointer(step.positions())
                .pointer(step.tokenRow())
                .pointer(step.items())
                .pointer(step.itemCount())
                .pointer(mixed.address())
                .number(mixed.stride())
                .pointer(partials)
                .pointer(counters)
                .number(heads)
                .number(pool.kvHeads())
                .number(pool.headDim())
                .real((float) (1 / Math.log(2) / Math.sqrt(pool.headDim()))) // exponentials are powers of 2
                .build();
    }

    /** Tokens of an item without a split that fill a block. */
    public static int tileTokens(Kernels kernels, KvPool pool, int heads) {
        return Math.max(1, AttentionVariant.of(pool, kernels.tensorCores()).queries() / (heads / pool.kvHeads()));
    }

    @Override
    public void enqueue(CudaStream stream, Bucket bucket) {
        int blocks = (int) Math.min(workers, (long) bucket.tokens() * splits);
        kernel.launch(stream, blocks, kvHeads, 1, variant.threads(), variant.sharedBytes(), arguments);
    }
}
