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

/** {@code m1_rope_append}: head norms and rotation against double precision, and where keys and values go. */
class RopeKernelTest {
    private static final int TOKENS = 10; // the last ones on another page
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
        int parts = c.heads() + 2 * c.kvHeads();
        int width = parts * dim;
        int ld = Buffers.padded(width);
        float[] qkv = Buffers.random(random, TOKENS * width, 1); // [tokens, parts, dim], pairs side by side
        float[] qGain = Buffers.random(random, dim, 1);
        float[] kGain = Buffers.random(random, dim, 1);
        KvFixture kv = new KvFixture(gpu, c.kv(), c.heads(), c.kvHeads(), dim, TOKENS);
        MemorySegment buffer = Buffers.floats(gpu, Buffers.strided(qkv, width, ld));
        MemorySegment none = MemorySegment.NULL;
        gpu.launch(
                "m1_rope_append", TOKENS + 1, (parts + 3) / 4, 128, 0, buffer, ld,
                c.norm() ? Buffers.floats(gpu, qGain) : none, c.norm() ? Buffers.floats(gpu, kGain) : none, EPS,
                kv.struct(), Buffers.ints(gpu, TOKENS));

        float[] after = Buffers.floats(buffer, TOKENS * ld);
        for (int t = 0; t < TOKENS; t++) {
            for (int part = 0; part < parts; part++) {
                int from = t * width + part * dim;
                int slot = part - c.heads();
                boolean value = slot >= c.kvHeads();
                double[] expected = new double[dim];
                for (int d = 0; d < dim; d++) {
                    expected[d] = qkv[from + d];
                }
                if (!value) {
                    if (c.norm()) {
                        norm(expected, slot < 0 ? qGain : kGain);
                    }
                    kv.rotate(t, expected);
                }
                for (int d = 0; d < dim; d++) {
                    float actual = slot < 0 ? after[t * ld + part * dim + d] : kv.get(t, slot, d);
                    // Terms below 4 * 4 * 4, each rounded a few times; then the cache's own rounding, 2^-9 relative.
                    double bound = 64 * (dim + 8) * 0x1p-24;
                    if (slot >= 0 && c.kv() == Element.BF16) {
                        bound += Math.abs(expected[d]) * 0x1p-8;
                    }
                    assertThat((double) actual).as("%s token %d part %d element %d", c, t, part, d)
                            .isCloseTo(expected[d], Offset.offset(bound));
                    if (value) {
                        assertThat(actual).isEqualTo(c.kv().rounded(qkv[from + d]));
                    }
                }
                for (int d = dim; d < Buffers.padded(dim) && slot >= 0; d++) {
                    assertThat(kv.get(t, slot, d)).as("padding is zero").isZero();
                }
            }
        }
    }

    private static void norm(double[] head, float[] gain) {
        double squares = 0;
        for (double x : head) {
            squares += x * x;
        }
        for (int d = 0; d < head.length; d++) {
            head[d] *= gain[d] / Math.sqrt(squares / head.length + EPS);
        }
    }
}
