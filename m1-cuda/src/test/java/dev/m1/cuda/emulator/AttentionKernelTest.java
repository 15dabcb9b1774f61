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
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code m1_attention_*} against double precision, and its ways to cut the work against each other bit for bit. */
class AttentionKernelTest {
    private static final int PAGE = 64;
    private static final int SPLIT = 256;
    private static final int QUERIES = 16;

    static Stream<Named<Supplier<Gpu>>> gpus() {
        return Gpus.all();
    }

    /** One sequence, of which the last tokens are computed in this step. */
    private record Case(Element kv, int heads, int kvHeads, int headDim, int context, int tokens, long seed) {
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
                all[i] = kv.rounded(all[i]);
            }
            return all;
        }
    }

    private record Item(int token, int tokens, int split, int slot) {}

    @ParameterizedTest
    @MethodSource("gpus")
    void matchesDoublePrecision(Supplier<Gpu> open) {
        List<Case> cases = List.of(
                new Case(Element.F32, 1, 1, 2, 1, 1, 1),
                new Case(Element.BF16, 4, 2, 20, 70, 70, 2),
                new Case(Element.F32, 6, 2, 22, 300, 9, 3),
                new Case(Element.BF16, 7, 1, 64, 530, 2, 4),
                new Case(Element.F32, 20, 1, 12, 257, 3, 5));
        for (Case c : cases) {
            check(c, run(open, c, whole(c, Math.max(1, QUERIES / c.group()))));
        }
    }

    private static void check(Case c, float[] out) {
        float[] q = c.queries();
        float[] cached = c.cached();
        for (int t = 0; t < c.tokens(); t++) {
            for (int h = 0; h < c.heads(); h++) {
                check(c, q, cached, t, h, Arrays.copyOfRange(
                        out, (t * c.heads() + h) * c.headDim(), (t * c.heads() + h + 1) * c.headDim()));
            }
        }
    }

    private static void check(Case c, float[] q, float[] cached, int token, int head, float[] actual) {
        int context = c.firstPosition() + token + 1;
        int dim = c.headDim();
        int perToken = 2 * c.kvHeads() * dim;
        int kvHead = head / c.group();
        double[] weight = new double[context];
        double scoreSize = 0;
        for (int p = 0; p < context; p++) {
            double size = 0;
            for (int d = 0; d < dim; d++) {
                double term = q[(token * c.heads() + head) * dim + d] * cached[p * perToken + kvHead * dim + d]
                        / Math.sqrt(dim);
                weight[p] += term;
                size += Math.abs(term);
            }
            scoreSize = Math.max(scoreSize, size);
        }
        double largest = Arrays.stream(weight).max().orElseThrow();
        double sum = 0;
        for (int p = 0; p < context; p++) {
            weight[p] = Math.exp(weight[p] - largest);
            sum += weight[p];
        }
        for (int d = 0; d < dim; d++) {
            double expected = 0;
            double size = 0;
            for (int p = 0; p < context; p++) {
                double term = weight[p] / sum * cached[p * perToken + (c.kvHeads() + kvHead) * dim + d];
                expected += term;
                size += Math.abs(term);
            }
            // A score is off by at most (dim + 4) roundings of its terms' size, and so, relatively, is its exponential
            // (twice, with the sum); then come a sum of `context` terms, its folding, and exp itself (4 ulp).
            double bound = size * (2 * scoreSize * (dim + 4) + 2 * context + 32) * 0x1p-24;
            assertThat((double) actual[d]).as("%s token %d head %d element %d", c, token, head, d)
                    .isCloseTo(expected, Offset.offset(bound + 1e-30));
        }
    }

    /** Prefill of any tile size, token by token, and a block per split: the same bits. */
    @ParameterizedTest
    @MethodSource("gpus")
    void bitsDoNotDependOnHowTheWorkIsCut(Supplier<Gpu> open) {
        for (Element kv : List.of(Element.F32, Element.BF16)) {
            Case c = new Case(kv, 6, 2, 20, 600, 5, 9);
            float[] expected = run(open, c, whole(c, 1));
            assertThat(run(open, c, whole(c, 2))).isEqualTo(expected);
            assertThat(run(open, c, whole(c, 5))).isEqualTo(expected);
            assertThat(run(open, c, whole(c, 7))).isEqualTo(expected);
            List<Item> split = split(c);
            assertThat(run(open, c, split)).isEqualTo(expected);
            Collections.reverse(split);
            assertThat(run(open, c, split)).isEqualTo(expected);
        }
    }

    /** What later tokens have in the cache, however wild, does not reach earlier ones. */
    @ParameterizedTest
    @MethodSource("gpus")
    void aTokenSeesNothingAfterIt(Supplier<Gpu> open) {
        Case c = new Case(Element.F32, 2, 1, 8, 10, 6, 11);
        float[] expected = run(open, c, whole(c, 8));
        float[] cached = c.cached();
        Arrays.fill(cached, 7 * 2 * 8, cached.length, Float.NaN); // positions 7 … 9; tokens 0 … 2 are at 4 … 6
        float[] actual = run(open, c, whole(c, 8), cached);
        assertThat(Arrays.copyOf(actual, 3 * 16)).isEqualTo(Arrays.copyOf(expected, 3 * 16));
        assertThat(actual[3 * 16]).isNaN();
    }

    private static List<Item> whole(Case c, int tile) {
        List<Item> items = new ArrayList<>();
        for (int t = 0; t < c.tokens(); t += tile) {
            items.add(new Item(t, Math.min(tile, c.tokens() - t), -1, 0));
        }
        return items;
    }

    private static List<Item> split(Case c) {
        List<Item> items = new ArrayList<>();
        int slot = 0;
        for (int t = 0; t < c.tokens(); t++) {
            int splits = (c.firstPosition() + t) / SPLIT + 1;
            for (int s = 0; s < splits; s++) {
                items.add(new Item(t, 1, s, slot));
            }
            slot += splits;
        }
        return items;
    }

    private static float[] run(Supplier<Gpu> open, Case c, List<Item> items) {
        return run(open, c, items, c.cached());
    }

    /** [tokens, heads, headDim]. The sequence is row 1 of two; its pages lie in any order; there are two layers. */
    private static float[] run(Supplier<Gpu> open, Case c, List<Item> items, float[] cached) {
        try (Gpu gpu = open.get()) {
            int stride = Buffers.padded(c.headDim());
            int layer = 2 * c.kvHeads() * PAGE * stride;
            List<Integer> pages = new ArrayList<>(IntStream.range(0, c.pages() + 1).boxed().toList());
            Collections.shuffle(pages, new Random(c.seed()));
            MemorySegment pool = pool(gpu, c, cached, pages, stride, layer);
            int[] table = new int[2 * c.pages()];
            Arrays.fill(table, 0, c.pages(), 1 << 20); // row 0 is somebody else's
            for (int i = 0; i < c.pages(); i++) {
                table[c.pages() + i] = pages.get(i);
            }
            int width = c.heads() * c.headDim();
            int ldq = Buffers.padded(width + 5);
            int[] rows = new int[c.tokens()];
            Arrays.fill(rows, 1);
            int slots = items.stream().mapToInt(i -> i.slot() + Math.max(0, i.split()) + 1).max().orElseThrow();
            MemorySegment out = gpu.allocate(4L * c.tokens() * ldq);
            MemorySegment counters = gpu.allocate(4L * c.tokens() * c.kvHeads()).fill((byte) 0);
            int shared = 4 * (2 * QUERIES * stride + QUERIES * SPLIT + 64);
            gpu.launch(
                    "m1_attention_" + c.kv().suffix(), 3, c.kvHeads(), 256, shared,
                    Buffers.floats(gpu, Buffers.strided(c.queries(), width, ldq)), ldq, pool, 2L * layer, (long) layer,
                    Buffers.ints(gpu, table), c.pages(),
                    Buffers.ints(gpu, IntStream.range(c.firstPosition(), c.context()).toArray()),
                    Buffers.ints(gpu, rows),
                    Buffers.ints(gpu, items.stream()
                            .flatMapToInt(i -> IntStream.of(i.token(), i.tokens(), i.split(), i.slot())).toArray()),
                    Buffers.ints(gpu, items.size()), out, ldq,
                    gpu.allocate(4L * slots * c.heads() * (c.headDim() + 2)), counters,
                    c.heads(), c.kvHeads(), c.headDim(), (float) (1 / Math.sqrt(c.headDim())));
            assertThat(Buffers.ints(counters, c.tokens() * c.kvHeads())).containsOnly(0);
            float[] all = Buffers.floats(out, c.tokens() * ldq);
            float[] result = new float[c.tokens() * width];
            for (int t = 0; t < c.tokens(); t++) {
                System.arraycopy(all, t * ldq, result, t * width, width);
            }
            return result;
        }
    }

    /** [pages + 1, 2 layers, 2, kvHeads, PAGE, stride], the case in layer 1; NaN where nothing was ever written. */
    private static MemorySegment pool(Gpu gpu, Case c, float[] cached, List<Integer> pages, int stride, int layer) {
        float[] all = new float[(c.pages() + 1) * 2 * layer];
        Arrays.fill(all, Float.NaN);
        for (int p = 0; p < c.context(); p++) {
            for (int part = 0; part < 2 * c.kvHeads(); part++) { // heads of keys, then of values
                int to = (pages.get(p / PAGE) * 2 + 1) * layer + (part * PAGE + p % PAGE) * stride;
                System.arraycopy(cached, (p * 2 * c.kvHeads() + part) * c.headDim(), all, to, c.headDim());
                Arrays.fill(all, to + c.headDim(), to + stride, 0); // as m1_rope_append leaves it
            }
        }
        MemorySegment pool = gpu.allocate((long) c.kv().bytes * all.length);
        for (int i = 0; i < all.length; i++) {
            c.kv().put(pool, i, all[i]);
        }
        return pool;
    }
}
