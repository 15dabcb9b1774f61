package dev.m1.cuda.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** One sequence, of which the last tokens are computed in this step. */
record AttentionCase(
        AttentionKernel kernel, int heads, int kvHeads, int headDim, int context, int tokens, long seed) {
    static final int PAGE = 64;
    static final int SPLIT = 256;

    /** What a block works on, see {@code dev.m1.cuda.kernels.Attention}. */
    record Item(int token, int tokens, int split, int slot) {}

    Element kv() {
        return kernel.kv;
    }

    int group() {
        return heads / kvHeads;
    }

    int pages() {
        return (context + PAGE - 1) / PAGE;
    }

    int firstPosition() {
        return context - tokens;
    }

    float[] queries() { // [tokens, heads * headDim]
        return Buffers.random(new Random(seed), tokens * heads * headDim, 1);
    }

    /** [context, 2 (keys, values), kvHeads, headDim], rounded to the cache's type. */
    float[] cached() {
        float[] all = Buffers.random(new Random(seed + 1), context * 2 * kvHeads * headDim, 1);
        for (int i = 0; i < all.length; i++) {
            all[i] = kv().rounded(all[i]);
        }
        return all;
    }

    /** Tiles of as many tokens as fill a block. */
    List<Item> whole() {
        return whole(Math.max(1, kernel.queries / group()));
    }

    /** Tiles of so many tokens. */
    List<Item> whole(int tile) {
        List<Item> items = new ArrayList<>();
        for (int t = 0; t < tokens; t += tile) {
            items.add(new Item(t, Math.min(tile, tokens - t), -1, 0));
        }
        return items;
    }

    /** A block for every split of every token. */
    List<Item> split() {
        List<Item> items = new ArrayList<>();
        int slot = 0;
        for (int t = 0; t < tokens; t++) {
            int splits = (firstPosition() + t) / SPLIT + 1;
            for (int s = 0; s < splits; s++) {
                items.add(new Item(t, 1, s, slot));
            }
            slot += splits;
        }
        return items;
    }

    /** What the kernel gives, [tokens, heads, headDim]. */
    float[] run(Supplier<Gpu> open, List<Item> items) {
        return run(open, items, queries(), cached());
    }

    /**
     * The same, for these queries and this cache. The sequence is row 1 of two; its pages lie in any order; there are
     * two layers.
     */
    float[] run(Supplier<Gpu> open, List<Item> items, float[] queries, float[] cached) {
        try (Gpu gpu = open.get()) {
            int stride = Buffers.padded(headDim);
            int layer = 2 * kvHeads * PAGE * stride;
            List<Integer> pages = new ArrayList<>(IntStream.range(0, pages() + 1).boxed().toList());
            Collections.shuffle(pages, new Random(seed));
            MemorySegment pool = pool(gpu, cached, pages, stride, layer);
            int[] table = new int[2 * pages()];
            Arrays.fill(table, 0, pages(), 1 << 20); // row 0 is somebody else's
            for (int i = 0; i < pages(); i++) {
                table[pages() + i] = pages.get(i);
            }
            int width = heads * headDim;
            int ldq = Buffers.padded(width + 5);
            int[] rows = new int[tokens];
            Arrays.fill(rows, 1);
            int slots = items.stream().mapToInt(i -> i.slot() + Math.max(0, i.split()) + 1).max().orElseThrow();
            MemorySegment out = gpu.allocate(4L * tokens * ldq);
            MemorySegment counters = gpu.allocate(4L * tokens * kvHeads).fill((byte) 0);
            gpu.launch(
                    kernel.symbol(headDim), 3, kvHeads, kernel.threads, kernel.sharedBytes(headDim),
                    Buffers.floats(gpu, Buffers.strided(queries, width, ldq)), ldq, pool, 2L * layer, (long) layer,
                    Buffers.ints(gpu, table), pages(),
                    Buffers.ints(gpu, IntStream.range(firstPosition(), context).toArray()),
                    Buffers.ints(gpu, rows),
                    Buffers.ints(gpu, items.stream()
                            .flatMapToInt(i -> IntStream.of(i.token(), i.tokens(), i.split(), i.slot())).toArray()),
                    Buffers.ints(gpu, items.size()), out, ldq,
                    gpu.allocate(4L * slots * heads * (headDim + 2)), counters,
                    heads, kvHeads, headDim, (float) (1 / Math.log(2) / Math.sqrt(headDim)));
            assertThat(Buffers.ints(counters, tokens * kvHeads)).containsOnly(0);
            float[] all = Buffers.floats(out, tokens * ldq);
            float[] result = new float[tokens * width];
            for (int t = 0; t < tokens; t++) {
                System.arraycopy(all, t * ldq, result, t * width, width);
            }
            return result;
        }
    }

    /** [pages + 1, 2 layers, 2, kvHeads, PAGE, stride], the case in layer 1; NaN where nothing was ever written. */
    private MemorySegment pool(Gpu gpu, float[] cached, List<Integer> pages, int stride, int layer) {
        float[] all = new float[(pages() + 1) * 2 * layer];
        Arrays.fill(all, Float.NaN);
        for (int p = 0; p < context; p++) {
            for (int part = 0; part < 2 * kvHeads; part++) { // heads of keys, then of values
                int to = (pages.get(p / PAGE) * 2 + 1) * layer + (part * PAGE + p % PAGE) * stride;
                System.arraycopy(cached, (p * 2 * kvHeads + part) * headDim, all, to, headDim);
                Arrays.fill(all, to + headDim, to + stride, 0); // as m1_rope_append leaves it
            }
        }
        MemorySegment pool = gpu.allocate((long) kv().bytes * all.length);
        for (int i = 0; i < all.length; i++) {
            kv().put(pool, i, all[i]);
        }
        return pool;
    }
}
