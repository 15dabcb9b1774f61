package dev.m1.cuda.emulator;

import dev.m1.cuda.kernels.KvPool;
import dev.m1.cuda.kernels.KvTarget;
import dev.m1.cuda.kernels.StepInput;
import dev.m1.spi.Limits.KvType;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Random;

/**
 * A cache of two layers, and the tokens of a step that belong into the second: of two sequences in turn, from the end
 * of a page on, with pages in any order.
 */
final class KvFixture {
    private static final int FIRST_POSITION = 60;
    private static final int[] TABLES = {3, 1, -1, 2, 0, -1}; // [2 rows, 3]

    private final Element kv;
    private final int tokens;
    private final MemorySegment memory;
    private final KvPool pool;
    private final KvTarget target;
    private final float[] rope; // [positions, headDim]: any numbers will do for the formula

    KvFixture(Gpu gpu, Element kv, int heads, int kvHeads, int headDim, int tokens) {
        this.kv = kv;
        this.tokens = tokens;
        KvType type = kv == Element.BF16 ? KvType.BF16 : KvType.F32;
        long bytes = 4 * new KvPool(0, 2, kvHeads, headDim, type).pageBytes();
        memory = gpu.allocate(bytes);
        pool = new KvPool(memory.address(), 2, kvHeads, headDim, type);
        rope = Buffers.random(new Random(headDim), (FIRST_POSITION + tokens) * headDim, 1);
        int[] positions = new int[tokens];
        int[] rows = new int[tokens];
        for (int t = 0; t < tokens; t++) {
            positions[t] = position(t);
            rows[t] = t % 2;
        }
        StepInput step = new StepInput(
                0, 0, Buffers.ints(gpu, positions).address(), Buffers.ints(gpu, rows).address(), 0, 0,
                Buffers.ints(gpu, TABLES).address(), 3, 0, 0, 0);
        target = new KvTarget(Buffers.floats(gpu, rope).address(), step, pool, 1, heads);
    }

    private int position(int token) {
        return FIRST_POSITION + token / 2;
    }

    /** The kernels' parameter. */
    byte[] struct() {
        return target.struct();
    }

    /** All of the cache, also what nobody should have written. */
    byte[] bytes() {
        return memory.toArray(ValueLayout.JAVA_BYTE);
    }

    /** An element of a token's keys and values; slots are kvHeads heads of keys, then as many of values. */
    float get(int token, int slot, int element) {
        int page = TABLES[token % 2 * 3 + position(token) / KvPool.PAGE_TOKENS];
        int row = slot * KvPool.PAGE_TOKENS + position(token) % KvPool.PAGE_TOKENS;
        return kv.get(memory, page * pool.pageStride() + pool.layerStride() + (long) row * pool.headStride() + element);
    }

    /** Rotates paired elements of a query or key head as a token's position says. */
    void rotate(int token, double[] head) {
        int angle = position(token) * head.length;
        for (int d = 0; d < head.length; d += 2) {
            double a = head[d];
            double b = head[d + 1];
            head[d] = a * rope[angle + d] - b * rope[angle + d + 1];
            head[d + 1] = b * rope[angle + d] + a * rope[angle + d + 1];
        }
    }
}
