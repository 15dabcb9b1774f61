package dev.m1.cuda.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.cuda.kernels.KvTarget;
import dev.m1.cuda.kernels.Likeliest;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * {@code m1_linear_*} against sums in double precision, and each family's batch tiles against each other bit for bit.
 */
class LinearKernelTest {
    private static final int STORE = 0;
    private static final int ADD = 1;
    private static final int SILU_TIMES = 2;
    private static final float EPS = 1e-5f;

    static Stream<Named<Supplier<Gpu>>> gpus() {
        return Gpus.all();
    }

    /** One linear layer's operands. */
    private record Case(
            LinearFamily family, int tokens, int n, int k, int mode, boolean norm, boolean bias, long seed) {
        float[] weight() { // [n, k], already rounded to the element type
            float[] w = Buffers.random(new Random(seed), n * k, 1);
            for (int i = 0; i < w.length; i++) {
                w[i] = family.element().rounded(w[i]);
            }
            return w;
        }

        float[] input() { // [tokens, k]
            return Buffers.random(new Random(seed + 1), tokens * k, 1);
        }

        float[] gain() { // [k]
            return Buffers.random(new Random(seed + 2), k, 1);
        }

        float[] biases() { // [n]
            return Buffers.random(new Random(seed + 3), n, 1);
        }

        int width() {
            return mode == SILU_TIMES ? n / 2 : n;
        }

        float[] before() { // [tokens, width], what y holds already
            return Buffers.random(new Random(seed + 4), tokens * width(), 1);
        }
    }

    @ParameterizedTest
    @MethodSource("gpus")
    void matchesDoublePrecision(Supplier<Gpu> open) {
        int[][] sizes = {{1, 1, 1}, {3, 13, 6}, {9, 20, 207}, {2, 6, 702}, {5, 34, 264}};
        long seed = 1;
        for (LinearFamily family : LinearFamily.ALL) {
            for (int[] s : sizes) {
                for (int mode : new int[] {STORE, ADD, SILU_TIMES}) {
                    int n = mode == SILU_TIMES ? (s[1] + 1) / 2 * 2 : s[1];
                    Case c = new Case(family, s[0], n, s[2], mode, seed % 2 == 0, seed % 3 == 0, seed++);
                    int tile = family.tiles()[(int) (seed % 4)];
                    check(c, run(open, c, tile, null));
                }
            }
        }
    }

    /** Every term carries a few roundings of 2^-24, and a sum of k terms at most k more. */
    private static void check(Case c, float[] y) {
        float[] w = c.weight();
        float[] x = c.input();
        float[] gain = c.gain();
        float[] bias = c.biases();
        float[] before = c.before();
        for (int t = 0; t < c.tokens(); t++) {
            double squares = 0;
            for (int j = 0; j < c.k(); j++) {
                squares += (double) x[t * c.k() + j] * x[t * c.k() + j];
            }
            double scale = c.norm() ? 1 / Math.sqrt(squares / c.k() + EPS) : 1;
            double[] v = new double[c.n()];
            double[] error = new double[c.n()];
            for (int i = 0; i < c.n(); i++) {
                double size = 0;
                for (int j = 0; j < c.k(); j++) {
                    double term = w[i * c.k() + j] * (double) x[t * c.k() + j] * (c.norm() ? gain[j] : 1) * scale;
                    v[i] += term;
                    size += Math.abs(term);
                }
                v[i] += c.bias() ? bias[i] : 0;
                error[i] = (size + Math.abs(v[i]) + 1) * (c.k() + 8) * 0x1p-24;
            }
            for (int i = 0; i < c.width(); i++) {
                float actual = y[t * c.width() + i];
                if (c.mode() == SILU_TIMES) {
                    double gate = v[2 * i];
                    double silu = gate / (1 + Math.exp(-gate));
                    // |silu'| is below 1.1; exp within 4 ulp of itself
                    double bound = 1.1 * error[2 * i] * Math.abs(v[2 * i + 1])
                            + Math.abs(silu) * (error[2 * i + 1] + Math.abs(v[2 * i + 1]) * 0x1p-20);
                    assertThat((double) actual).as("%s, token %d, %d", c, t, i)
                            .isCloseTo(silu * v[2 * i + 1], Offset.offset(bound + 1e-30));
                } else {
                    double old = c.mode() == ADD ? before[t * c.width() + i] : 0;
                    assertThat((double) actual).as("%s, token %d, %d", c, t, i)
                            .isCloseTo(v[i] + old, Offset.offset(error[i] + Math.abs(old) * 0x1p-23));
                }
            }
        }
    }

    /** A token's row has the same bits with any tile, alone or among others, wherever it stands. */
    @ParameterizedTest
    @MethodSource("gpus")
    void bitsDoNotDependOnTheBatch(Supplier<Gpu> open) {
        for (LinearFamily family : LinearFamily.ALL) {
            Case c = new Case(family, 11, 18, 523, STORE, true, true, 77);
            float[] expected = run(open, c, family.tiles()[0], null);
            for (int tile : family.tiles()) {
                assertThat(run(open, c, tile, null)).as("%s%d", family.name(), tile).isEqualTo(expected);
            }
            int[] gather = {7, 7, 0, 10};
            float[] gathered = run(open, c, family.tiles()[2], gather);
            for (int i = 0; i < gather.length; i++) {
                assertThat(Arrays.copyOfRange(gathered, i * c.n(), (i + 1) * c.n()))
                        .isEqualTo(Arrays.copyOfRange(expected, gather[i] * c.n(), (gather[i] + 1) * c.n()));
            }
        }
    }

    /**
     * One column, so that results are products: equals and zeros of both signs, all negative, tiny and huge values. W
     * has more rows than a block.
     */
    @ParameterizedTest
    @MethodSource("gpus")
    void keepsTheLikeliestRowOfEveryToken(Supplier<Gpu> open) {
        float[] x = {1, -1, 0, -0f, 1e-38f, 3e37f, -3e37f, Float.NaN, Float.POSITIVE_INFINITY, 1};
        for (LinearFamily family : LinearFamily.ALL) {
            for (int tile : family.tiles()) {
                int n = 5 * family.rows(tile) / 4;
                float[] w = Buffers.random(new Random(6), n, 1);
                for (int i = 0; i < n; i++) {
                    w[i] = Math.max(-30, Math.min(30, Math.round(w[i] * 20))) / 16f; // many equals, exact in any type
                }
                w[3] = -0f;
                w[n - 1] = 30 / 16f;
                long[] keys = likeliest(open, family, tile, w, x);
                for (int t = 0; t < x.length; t++) {
                    assertThat(Likeliest.finite(keys[t])).as("token %d", t).isEqualTo(Float.isFinite(x[t]));
                    if (Float.isFinite(x[t])) {
                        assertThat(Likeliest.id(keys[t])).as("%s%d, token %d", family.name(), tile, t)
                                .isEqualTo(argmax(w, x[t]));
                    }
                }
            }
        }
    }

    private static int argmax(float[] w, float x) {
        int best = 0;
        for (int i = 1; i < w.length; i++) {
            best = w[i] * x > w[best] * x ? i : best;
        }
        return best;
    }

    private static long[] likeliest(Supplier<Gpu> open, LinearFamily family, int tile, float[] w, float[] x) {
        try (Gpu gpu = open.get()) {
            int n = w.length;
            int ldw = family.ldw(1);
            int ldx = Buffers.padded(1);
            int ldy = Buffers.padded(n);
            MemorySegment none = MemorySegment.NULL;
            MemorySegment keys = gpu.allocate(8L * x.length).fill((byte) 0);
            gpu.launch(
                    family.name() + tile, (n + family.rows(tile) - 1) / family.rows(tile),
                    (x.length + tile - 1) / tile, family.threads(), 0, family.weight(gpu, w, 1), ldw, none,
                    Buffers.floats(gpu, Buffers.strided(x, 1, ldx)), ldx, none, none, EPS,
                    gpu.allocate(4L * x.length * ldy), ldy, n, 1, STORE, Buffers.ints(gpu, x.length), keys,
                    KvTarget.none());
            long[] all = new long[x.length];
            MemorySegment.copy(keys, ValueLayout.JAVA_LONG, 0, all, 0, all.length);
            return all;
        }
    }

    /** y [tokens, width]; with a gather list, as many rows as it has. */
    private static float[] run(Supplier<Gpu> open, Case c, int tile, int[] gather) {
        try (Gpu gpu = open.get()) {
            LinearFamily family = c.family();
            int ldw = family.ldw(c.k());
            int ldx = Buffers.padded(c.k());
            int ldy = Buffers.padded(c.width());
            int rows = gather == null ? c.tokens() : gather.length;
            MemorySegment y = Buffers.floats(gpu, Buffers.strided(c.before(), c.width(), ldy));
            MemorySegment none = MemorySegment.NULL;
            gpu.launch(
                    family.name() + tile,
                    (c.n() + family.rows(tile) - 1) / family.rows(tile),
                    (rows + tile - 1) / tile + 1, // one surplus block, as in a larger bucket
                    family.threads(), 0, family.weight(gpu, c.weight(), c.k()), ldw,
                    c.bias() ? Buffers.floats(gpu, c.biases()) : none,
                    Buffers.floats(gpu, Buffers.strided(c.input(), c.k(), ldx)), ldx,
                    gather == null ? none : Buffers.ints(gpu, gather),
                    c.norm() ? Buffers.floats(gpu, c.gain()) : none,
                    EPS, y, ldy, c.n(), c.k(), c.mode(), Buffers.ints(gpu, rows), none,
                    KvTarget.none());
            float[] all = Buffers.floats(y, rows * ldy);
            float[] result = new float[rows * c.width()];
            for (int t = 0; t < rows; t++) {
                System.arraycopy(all, t * ldy, result, t * c.width(), c.width());
                for (int i = c.width(); i < ldy; i++) {
                    assertThat(all[t * ldy + i]).as("padding is not written").isNaN();
                }
            }
            return result;
        }
    }
}
