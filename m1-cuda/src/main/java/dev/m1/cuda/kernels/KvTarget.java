package dev.m1.cuda.kernels;

import dev.m1.spi.Limits.KvType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where a layer's queries, keys and values go once they are projected: queries and keys are rotated, keys and values
 * put into the cache.
 *
 * @param rope {@code [positions, headDim / 2, 2]} floats: cosines and sines
 * @param step whose tokens they are
 * @param pool the cache
 * @param layer of the pool
 * @param heads of queries
 */
public record KvTarget(long rope, StepInput step, KvPool pool, int layer, int heads) {
    private static final int BYTES = 80;

    /** The struct {@code KvTarget} of {@code kv_target.cuh}. */
    public byte[] struct() {
        return ByteBuffer.allocate(BYTES)
                .order(ByteOrder.nativeOrder())
                .putLong(rope)
                .putLong(step.positions())
                .putLong(step.tokenRow())
                .putLong(step.blockTables())
                .putLong(pool.address())
                .putLong(pool.pageStride())
                .putLong(layer * pool.layerStride())
                .putInt(step.tableStride())
                .putInt(heads)
                .putInt(pool.kvHeads())
                .putInt(pool.headDim())
                .putInt(pool.type() == KvType.BF16 ? 1 : 0)
                .array();
    }

    /** The struct of a kernel that has no use for one. */
    public static byte[] none() {
        return new byte[BYTES];
    }

    /** Elements of a token's queries, keys and values. */
    int width() {
        return (heads + 2 * pool.kvHeads()) * pool.headDim();
    }
}
