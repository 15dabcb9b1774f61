package dev.m1.cuda.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.cuda.kernels.KvTarget;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kernels that hand queries, keys and values on themselves, against the same product and {@code m1_rope_append} behind
 * it, bit for bit, and against double precision. Heads begin and end anywhere in a block's rows.
 */
class FusedAppendKernelTest {
    private static final int STORE = 0;
    private static final int ROTATE_APPEND = 3;
    private static final int K = 40;
    private static final int TOKENS = 11; // the last ones on another page
    private static final float EPS = 1e-5f;
    private static final int[][] HEADS = { // queries, keys, elements
        {3, 1, 8}, {5, 1, 12}, {2, 2, 16}, {4, 2, 20}, {3, 3, 22}, {2, 1, 24}, {2, 1, 64}, {1, 1, 128}
    };

    static Stream<Named<Supplier<Gpu>>> gpus() {
        return Gpus.all();
    }

    private record Case(Element kv, int heads, int kvHeads, int headDim, boolean bias, boolean norm, int[] gather) {
        int width() {
            return (heads + 2 * kvHeads) * headDim;
        }

        int ld() {
            return Buffers.padded(width() + 3);
        }

        Random random(int which) {
            return new Random(100L * headDim + which);
        }

        float[] input() { // [tokens, K]
            return Buffers.random(random(1), TOKENS * K, 1);
        }

        float[] gain() { // [K]
            return Buffers.random(random(2), K, 1);
        }

        float[] biases() { // [width]
            return Buffers.random(random(3), width(), 1);
        }

        float[] weight(Element element) { // [width, K]
            float[] w = Buffers.random(random(4), width() * K, 1);
            for (int i = 0; i < w.length; i++) {
                w[i] = element.rounded(w[i]);
            }
            return w;
        }
    }

    /** Of number i in a list that has every kernel, and every head size with every type of cache. */
    private static Case number(int i) {
        int[] h = HEADS[(i + i / 8) % 8];
        int[] gather = i % 5 == 0 ? new int[] {3, 3, 10, 0, 7, 1, 2, 9, 9, 4, 5} : null;
        return new Case(
                i / 16 == 0 ? Element.F32 : Element.BF16, h[0], h[1], h[2], i % 3 != 0, i % 4 != 1, gather);
    }

    /** A kernel that writes queries, keys and values as its mode says. */
    private interface Projection {
        void run(MemorySegment y, int mode, byte[] kv);
    }

    @ParameterizedTest
    @MethodSource("gpus")
    void bitsAreThoseOfTwoKernels(Supplier<Gpu> open) {
        for (int i = 0; i < 32; i++) {
            LinearFamily family = LinearFamily.ALL.get(i % 4);
            int tile = family.tiles()[i / 4 % 4];
            Case c = number(i);
            try (Gpu gpu = open.get()) {
                check(gpu, c, family.name() + tile, family.element(),
                        (y, mode, kv) -> linear(gpu, c, family, tile, y, mode, kv));
            }
        }
    }

    /** Also behind a library's product. */
    @ParameterizedTest
    @MethodSource("gpus")
    void finishedProductsGoOnTheSameWay(Supplier<Gpu> open) {
        for (int i = 0; i < 32; i += 3) {
            Case c = number(i);
            try (Gpu gpu = open.get()) {
                int ldp = Buffers.padded(c.width());
                float[] product = Buffers.random(c.random(5), TOKENS * c.width(), 1);
                check(gpu, c, "m1_gemm_finish", null, (y, mode, kv) -> gpu.launch(
                        "m1_gemm_finish", TOKENS + 1, (c.width() + 511) / 512, 256, 0,
                        Buffers.floats(gpu, Buffers.strided(product, c.width(), ldp)), ldp,
                        c.bias() ? Buffers.floats(gpu, c.biases()) : MemorySegment.NULL, y, c.ld(), c.width(), mode, 0,
                        Buffers.ints(gpu, TOKENS), kv));
            }
        }
    }

    private static void linear(Gpu gpu, Case c, LinearFamily f, int tile, MemorySegment y, int mode, byte[] kv) {
        MemorySegment none = MemorySegment.NULL;
        gpu.launch(
                f.name() + tile, (c.width() + f.rows(tile) - 1) / f.rows(tile), (TOKENS + tile - 1) / tile + 1,
                f.threads(), 0, f.weight(gpu, c.weight(f.element()), K), f.ldw(K),
                c.bias() ? Buffers.floats(gpu, c.biases()) : none, Buffers.floats(gpu, c.input()), K,
                c.gather() == null ? none : Buffers.ints(gpu, c.gather()),
                c.norm() ? Buffers.floats(gpu, c.gain()) : none, EPS, y, c.ld(), c.width(), K, mode,
                Buffers.ints(gpu, TOKENS), none, kv);
    }

    private static void check(Gpu gpu, Case c, String kernel, Element weights, Projection projection) {
        float[] before = new float[TOKENS * c.ld()];
        Arrays.fill(before, 1e30f);
        KvFixture separate = new KvFixture(gpu, c.kv(), c.heads(), c.kvHeads(), c.headDim(), TOKENS);
        MemorySegment y = Buffers.floats(gpu, before);
        projection.run(y, STORE, KvTarget.none());
        int parts = c.heads() + 2 * c.kvHeads();
        gpu.launch(
                "m1_rope_append", TOKENS, (parts + 3) / 4, 128, 0, y, c.ld(), MemorySegment.NULL, MemorySegment.NULL,
                EPS, separate.struct(), Buffers.ints(gpu, TOKENS));
        KvFixture fused = new KvFixture(gpu, c.kv(), c.heads(), c.kvHeads(), c.headDim(), TOKENS);
        MemorySegment queries = Buffers.floats(gpu, before);
        projection.run(queries, ROTATE_APPEND, fused.struct());

        assertThat(fused.bytes()).as("%s, %s: the cache", kernel, c).isEqualTo(separate.bytes());
        float[] expected = Buffers.floats(y, before.length);
        float[] actual = Buffers.floats(queries, before.length);
        for (int t = 0; t < TOKENS; t++) {
            for (int i = 0; i < c.ld(); i++) {
                boolean query = i < c.heads() * c.headDim();
                assertThat(actual[t * c.ld() + i]).as("%s, %s: token %d, %d", kernel, c, t, i)
                        .isEqualTo(query ? expected[t * c.ld() + i] : 1e30f);
            }
        }
        if (weights != null) {
            checkPrecision(c, weights, fused, actual);
        }
    }

    /** A result is off by some roundings of 2^-24 of its terms' sizes, a rotation mixes two, a cache rounds to 2^-9. */
    private static void checkPrecision(Case c, Element weights, KvFixture kv, float[] queries) {
        float[] w = c.weight(weights);
        float[] x = c.input();
        float[] gain = c.gain();
        float[] bias = c.biases();
        int dim = c.headDim();
        for (int t = 0; t < TOKENS; t++) {
            int from = c.gather() == null ? t : c.gather()[t];
            double squares = 0;
            for (int j = 0; j < K; j++) {
                squares += (double) x[from * K + j] * x[from * K + j];
            }
            double scale = c.norm() ? 1 / Math.sqrt(squares / K + EPS) : 1;
            for (int head = 0; head < c.heads() + 2 * c.kvHeads(); head++) {
                double[] v = new double[dim];
                double size = 1;
                for (int d = 0; d < dim; d++) {
                    int row = head * dim + d;
                    for (int j = 0; j < K; j++) {
                        double term = w[row * K + j] * (double) x[from * K + j] * (c.norm() ? gain[j] : 1) * scale;
                        v[d] += term;
                        size += Math.abs(term);
                    }
                    v[d] += c.bias() ? bias[row] : 0;
                    size += Math.abs(v[d]);
                }
                int slot = head - c.heads();
                if (slot < c.kvHeads()) {
                    kv.rotate(t, v);
                }
                for (int d = 0; d < dim; d++) {
                    double bound = size * 8 * (K + 12) * 0x1p-24; // cosines and sines here are below 4
                    if (slot >= 0 && c.kv() == Element.BF16) {
                        bound += Math.abs(v[d]) * 0x1p-8;
                    }
                    float actual = slot < 0 ? queries[t * c.ld() + head * dim + d] : kv.get(t, slot, d);
                    assertThat((double) actual).as("%s: token %d, head %d, %d", c, t, head, d)
                            .isCloseTo(v[d], Offset.offset(bound));
                }
            }
        }
    }
}
