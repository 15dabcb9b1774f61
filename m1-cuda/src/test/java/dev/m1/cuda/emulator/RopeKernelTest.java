package dev.m1.cuda.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code m1_rope_append_*}: head norms and rotation against double precision, and where keys and values go. */
class RopeKernelTest {
    private static final int PAGE = 64;
    private static final float EPS = 1e-6f;

    static Stream<Named<Supplier<Gpu>>> gpus() {
        return Gpus.all();
    }

    private record Case(Element kv, int heads, int kvHeads, int headDim, boolean norm) {}

    @ParameterizedTest
    @MethodSource("gpus")
    void normsRotatesAndStores(Supplier<Gpu> open) {
        for (Case c : List.of(
                new Case(Element.F32, 3, 1, 16, false),
                new Case(Element.BF16, 4, 2, 22, true),
                new Case(Element.F32, 6, 6, 12, true),
                new Case(Element.BF16, 2, 1, 128, false))) {
            try (Gpu gpu = open.get()) {
                check(gpu, c);
            }
        }
    }

    private static void check(Gpu gpu, Case c) {
        Random random = new Random(c.headDim());
        int dim = c.headDim();
        int stride = Buffers.padded(dim);
        int parts = c.heads() + 2 * c.kvHeads();
        int width = parts * dim;
        int ld = Buffers.padded(width);
        int[] positions = {5, 64, 130};
        int[] rows = {0, 1, 1};
        int[] tables = {3, -1, -1, 2, 0, 1}; // [2 rows, 3]
        int tokens = positions.length;
        float[] qkv = Buffers.random(random, tokens * width, 1); // [tokens, parts, dim], pairs side by side
        float[] qGain = Buffers.random(random, dim, 1);
        float[] kGain = Buffers.random(random, dim, 1);
        float[] rope = Buffers.random(random, 200 * dim, 1); // any numbers will do for the formula

        MemorySegment buffer = Buffers.floats(gpu, Buffers.strided(qkv, width, ld));
        int layer = 2 * c.kvHeads() * PAGE * stride;
        MemorySegment pool = gpu.allocate(4L * layer * c.kv().bytes);
        MemorySegment none = MemorySegment.NULL;
        gpu.launch(
                "m1_rope_append_" + c.kv().suffix(), tokens + 1, (parts + 3) / 4, 128, 0,
                buffer, ld, c.norm() ? Buffers.floats(gpu, qGain) : none, c.norm() ? Buffers.floats(gpu, kGain) : none,
                EPS, Buffers.floats(gpu, rope), Buffers.ints(gpu, positions), Buffers.ints(gpu, rows),
                Buffers.ints(gpu, tables), 3, pool, (long) layer, 0L, c.heads(), c.kvHeads(), dim,
                Buffers.ints(gpu, tokens));

        float[] after = Buffers.floats(buffer, tokens * ld);
        for (int t = 0; t < tokens; t++) {
            int page = tables[rows[t] * 3 + positions[t] / PAGE];
            for (int part = 0; part < parts; part++) {
                double[] expected = new double[dim];
                boolean value = part >= c.heads() + c.kvHeads();
                float[] gain = !c.norm() ? null : part < c.heads() ? qGain : kGain;
                expected(qkv, t * width + part * dim, value ? null : rope, positions[t] * dim, gain, expected);
                for (int d = 0; d < dim; d++) {
                    int at = page * layer + ((part - c.heads()) * PAGE + positions[t] % PAGE) * stride + d;
                    float actual = part < c.heads() ? after[t * ld + part * dim + d] : c.kv().get(pool, at);
                    // Terms below 4 * 4 * 4, each rounded a few times; then the cache's own rounding, 2^-9 relative.
                    double bound = 64 * (dim + 8) * 0x1p-24;
                    if (part >= c.heads() && c.kv() == Element.BF16) {
                        bound += Math.abs(expected[d]) * 0x1p-8;
                    }
                    assertThat((double) actual).as("%s token %d part %d element %d", c, t, part, d)
                            .isCloseTo(expected[d], Offset.offset(bound));
                    if (value) {
                        assertThat(actual).isEqualTo(c.kv().rounded(qkv[t * width + part * dim + d]));
                    }
                }
                for (int d = dim; d < stride && part >= c.heads(); d++) {
                    int at = page * layer + ((part - c.heads()) * PAGE + positions[t] % PAGE) * stride + d;
                    assertThat(c.kv().get(pool, at)).as("padding is zero").isZero();
                }
            }
        }
    }

    private static void expected(float[] x, int from, float[] rope, int angle, float[] gain, double[] to) {
        int dim = to.length;
        double squares = 0;
        for (int d = 0; d < dim; d++) {
            to[d] = x[from + d];
            squares += to[d] * to[d];
        }
        if (rope == null) {
            return; // a value
        }
        if (gain != null) {
            for (int d = 0; d < dim; d++) {
                to[d] *= gain[d] / Math.sqrt(squares / dim + EPS);
            }
        }
        for (int d = 0; d < dim; d += 2) {
            double a = to[d];
            double b = to[d + 1];
            to[d] = a * rope[angle + d] - b * rope[angle + d + 1];
            to[d + 1] = b * rope[angle + d] + a * rope[angle + d + 1];
        }
    }
}
