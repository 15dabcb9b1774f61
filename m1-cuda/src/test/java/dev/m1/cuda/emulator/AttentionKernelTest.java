package dev.m1.cuda.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code m1_attention_*} against double precision, and its ways to cut the work against each other bit for bit. */
class AttentionKernelTest {
    static Stream<Named<Supplier<Gpu>>> gpus() {
        return Gpus.all();
    }

    @ParameterizedTest
    @MethodSource("gpus")
    void matchesDoublePrecision(Supplier<Gpu> open) {
        List<AttentionCase> cases = List.of(
                new AttentionCase(AttentionKernel.PLAIN_F32, 1, 1, 2, 1, 1, 1),
                new AttentionCase(AttentionKernel.PLAIN_BF16, 4, 2, 20, 70, 70, 2),
                new AttentionCase(AttentionKernel.PLAIN_F32, 6, 2, 22, 300, 9, 3),
                new AttentionCase(AttentionKernel.PLAIN_BF16, 7, 1, 64, 530, 2, 4),
                new AttentionCase(AttentionKernel.PLAIN_F32, 20, 1, 12, 257, 3, 5),
                new AttentionCase(AttentionKernel.MMA_BF16, 1, 1, 2, 1, 1, 6),
                new AttentionCase(AttentionKernel.MMA_BF16, 4, 2, 20, 70, 70, 7), // many queries, few in the last tile
                new AttentionCase(AttentionKernel.MMA_BF16, 6, 2, 8, 300, 9, 8),
                new AttentionCase(AttentionKernel.MMA_BF16, 7, 1, 64, 530, 2, 9), // 14 queries, three splits
                new AttentionCase(AttentionKernel.MMA_BF16, 7, 1, 128, 140, 10, 10),
                new AttentionCase(AttentionKernel.MMA_BF16, 20, 1, 12, 257, 3, 11),
                new AttentionCase(AttentionKernel.MMA_BF16, 70, 1, 16, 65, 2, 12)); // a group beyond a tile
        for (AttentionCase c : cases) {
            check(c, c.run(open, c.whole()));
        }
    }

    /** Any even size of a head, any group. */
    @ParameterizedTest
    @MethodSource("gpus")
    void matchesDoublePrecisionForAnyShape(Supplier<Gpu> open) {
        Random random = new Random(20_270);
        for (int i = 0; i < 12; i++) {
            int kvHeads = 1 + random.nextInt(2);
            int context = 1 + random.nextInt(i % 3 == 0 ? 300 : 90);
            int tokens = 1 + random.nextInt(Math.min(context, 30));
            check(new AttentionCase(
                    AttentionKernel.values()[i % 3 == 0 ? 2 : i % 3], kvHeads * (1 + random.nextInt(9)), kvHeads,
                    2 * (1 + random.nextInt(i < 3 ? 64 : 24)), context, tokens, i), open);
        }
    }

    private static void check(AttentionCase c, Supplier<Gpu> open) {
        check(c, c.run(open, c.whole()));
    }

    private static void check(AttentionCase c, float[] out) {
        float[] q = c.queries();
        float[] cached = c.cached();
        for (int t = 0; t < c.tokens(); t++) {
            for (int h = 0; h < c.heads(); h++) {
                check(c, q, cached, t, h, Arrays.copyOfRange(
                        out, (t * c.heads() + h) * c.headDim(), (t * c.heads() + h + 1) * c.headDim()));
            }
        }
    }

    private static void check(AttentionCase c, float[] q, float[] cached, int token, int head, float[] actual) {
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
            // (twice, with the sum); then come a sum of `context` terms, its folding, and exp itself (4 ulp). On tensor
            // cores an exponential is rounded to two parts, by 2^-17 at most, and so is the sum of them.
            double parts = c.kernel().isMma() ? 2 * 0x1p-17 : 0;
            double bound = size * ((2 * scoreSize * (dim + 4) + 2 * context + 32) * 0x1p-24 + parts);
            assertThat((double) actual[d]).as("%s token %d head %d element %d", c, token, head, d)
                    .isCloseTo(expected, Offset.offset(bound + 1e-30));
        }
    }

    /** Prefill of any tile size, token by token, and a block per split: the same bits. */
    @ParameterizedTest
    @MethodSource("gpus")
    void bitsDoNotDependOnHowTheWorkIsCut(Supplier<Gpu> open) {
        for (AttentionKernel kernel : AttentionKernel.values()) {
            AttentionCase c = new AttentionCase(kernel, 6, 2, 20, 600, kernel.isMma() ? 14 : 5, 9);
            float[] expected = c.run(open, c.whole(1));
            for (int tile : new int[] {2, 5, 6, 14}) { // three queries a token: up to 16 of them, and more
                assertThat(c.run(open, c.whole(tile))).as("%s, %d tokens a tile", kernel, tile).isEqualTo(expected);
            }
            List<AttentionCase.Item> split = c.split();
            assertThat(c.run(open, split)).as("%s, a block per split", kernel).isEqualTo(expected);
            Collections.reverse(split);
            assertThat(c.run(open, split)).as("%s, splits in reverse", kernel).isEqualTo(expected);
        }
    }

    /** Chunks of a prefill: a token has the bits that it has in a step of its own. */
    @ParameterizedTest
    @MethodSource("gpus")
    void bitsDoNotDependOnTheOtherTokensOfTheStep(Supplier<Gpu> open) {
        AttentionCase all = new AttentionCase(AttentionKernel.MMA_BF16, 4, 1, 64, 90, 40, 14);
        float[] expected = all.run(open, all.whole());
        int width = all.heads() * all.headDim();
        for (int last : new int[] {51, 64, 65, 88}) { // of a step of 1, 13 and 1, with what is in the cache up to there
            int tokens = last == 65 ? 13 : 1;
            AttentionCase c = new AttentionCase(all.kernel(), 4, 1, 64, last, tokens, 14);
            float[] q = Arrays.copyOfRange(
                    all.queries(), (c.firstPosition() - 50) * width, (last - 50) * width);
            float[] cached = Arrays.copyOf(all.cached(), last * 2 * 64);
            assertThat(c.run(open, c.whole(), q, cached)).as("up to position %d", last)
                    .isEqualTo(Arrays.copyOfRange(
                            expected, (c.firstPosition() - 50) * width, (last - 50) * width));
        }
    }

    /** What later tokens have in the cache, however wild, does not reach earlier ones. */
    @ParameterizedTest
    @MethodSource("gpus")
    void aTokenSeesNothingAfterIt(Supplier<Gpu> open) {
        for (AttentionKernel kernel : AttentionKernel.values()) {
            for (int heads : new int[] {2, 7}) { // 12 queries, and 42
                AttentionCase c = new AttentionCase(kernel, heads, 1, 8, 70, 6, 11); // positions 64 to 69
                int width = heads * 8;
                float[] expected = c.run(open, c.whole());
                float[] cached = c.cached();
                Arrays.fill(cached, 67 * 16, 67 * 16 + 11, Float.NaN); // key and a part of the value
                Arrays.fill(cached, 68 * 16 + 8, 69 * 16, Float.POSITIVE_INFINITY); // value
                float[] actual = c.run(open, c.whole(), c.queries(), cached);
                assertThat(Arrays.copyOf(actual, 3 * width)).as("%s, tokens before", kernel)
                        .isEqualTo(Arrays.copyOf(expected, 3 * width));
                assertThat(actual[3 * width]).as("%s, the token itself", kernel).isNaN();
                assertThat(c.run(open, c.whole(1), c.queries(), cached)).as("%s, one by one", kernel)
                        .isEqualTo(actual);
            }
        }
    }

    /** Infinite values: those who see them, and nobody else, get something that is not finite, in that element only. */
    @ParameterizedTest
    @MethodSource("gpus")
    void infiniteValuesReachThoseWhoSeeThem(Supplier<Gpu> open) {
        AttentionCase c = new AttentionCase(AttentionKernel.MMA_BF16, 5, 1, 8, 30, 20, 12);
        float[] cached = c.cached();
        cached[15 * 16 + 8] = Float.NEGATIVE_INFINITY; // element 0 of position 15, of token 5
        float[] actual = c.run(open, c.whole(), c.queries(), cached);
        for (int t = 0; t < 20; t++) {
            assertThat(Float.isFinite(actual[t * 40])).as("token %d", t).isEqualTo(t < 5);
            assertThat(actual[t * 40 + 1]).as("token %d, an element beside", t).isFinite();
        }
        assertThat(c.run(open, c.whole(1), c.queries(), cached)).isEqualTo(actual);
    }
}
