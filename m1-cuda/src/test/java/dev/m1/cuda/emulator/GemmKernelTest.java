package dev.m1.cuda.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.cuda.kernels.KvTarget;
import java.lang.foreign.MemorySegment;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code m1_gemm_*}: what goes into a library's product, and what becomes of its result. */
class GemmKernelTest {
    private static final int TOKENS = 7;
    private static final int ROWS = 4; // of the product, from token `first` on
    private static final float EPS = 1e-5f;
    private static final int STORE = 0;
    private static final int ADD = 1;
    private static final int SILU_TIMES = 2;

    static Stream<Named<Supplier<Gpu>>> gpus() {
        return Gpus.all();
    }

    @ParameterizedTest
    @MethodSource("gpus")
    void threePartsAreTheActivationAndOneIsItsRounding(Supplier<Gpu> open) {
        try (Gpu gpu = open.get()) {
            for (int k : new int[] {1, 62, 517}) {
                float[] x = Buffers.random(new Random(k), TOKENS * k, 3);
                int first = k % 2 == 0 ? 0 : 5; // 5: two tokens are left
                float[][] three = parts(gpu, 3, x, null, k, first);
                float[][] one = parts(gpu, 1, x, null, k, first);
                for (int r = 0; r < ROWS; r++) {
                    float[] expected = new float[three[r].length];
                    if (first + r < TOKENS) {
                        System.arraycopy(x, (first + r) * k, expected, 0, k);
                    }
                    assertThat(three[r]).as("k %d, row %d", k, r).isEqualTo(expected);
                    for (int i = 0; i < k; i++) {
                        expected[i] = Element.BF16.rounded(expected[i]);
                    }
                    assertThat(one[r]).as("k %d, row %d, rounded", k, r).isEqualTo(expected);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("gpus")
    void theNormComesFirst(Supplier<Gpu> open) {
        int k = 517;
        float[] x = Buffers.random(new Random(3), TOKENS * k, 2);
        float[] gain = Buffers.random(new Random(4), k, 1);
        float[][] three;
        float[][] one;
        try (Gpu gpu = open.get()) {
            three = parts(gpu, 3, x, gain, k, 2);
            one = parts(gpu, 1, x, gain, k, 2);
        }
        for (int r = 0; r < ROWS; r++) {
            double squares = 0;
            for (int i = 0; i < k; i++) {
                squares += (double) x[(r + 2) * k + i] * x[(r + 2) * k + i];
            }
            double scale = 1 / Math.sqrt(squares / k + EPS);
            for (int i = 0; i < k; i++) {
                double expected = x[(r + 2) * k + i] * scale * gain[i];
                // A thread adds ceil(517 / 256) = 3 squares, then come 5 steps of a tree and 8 sums, all positive: 17
                // roundings at most, halved by the root; division, root, eps and two products are 6 more.
                assertThat((double) three[r][i])
                        .isCloseTo(expected, Offset.offset(Math.abs(expected) * 16 * 0x1p-24 + 1e-30));
                assertThat(one[r][i]).isEqualTo(Element.BF16.rounded(three[r][i]));
            }
        }
    }

    /** Sums of the parts, [ROWS][padded k]. */
    private static float[][] parts(Gpu gpu, int parts, float[] x, float[] gain, int k, int first) {
        int ldx = Buffers.padded(k + 3);
        int ldp = (k + 63) / 64 * 64;
        MemorySegment to = gpu.allocate(2L * parts * ROWS * ldp);
        gpu.launch(
                "m1_gemm_parts_p" + parts, ROWS, 1, 256, 0, Buffers.floats(gpu, Buffers.strided(x, k, ldx)), ldx,
                gain == null ? MemorySegment.NULL : Buffers.floats(gpu, gain), EPS, to, ldp, (long) ROWS * ldp, k,
                first, Buffers.ints(gpu, TOKENS));
        float[][] sums = new float[ROWS][ldp];
        for (int p = parts - 1; p >= 0; p--) { // smallest first: then each sum is exact
            for (int r = 0; r < ROWS; r++) {
                for (int i = 0; i < ldp; i++) {
                    sums[r][i] += Element.BF16.get(to, ((long) p * ROWS + r) * ldp + i);
                }
            }
        }
        return sums;
    }

    @ParameterizedTest
    @MethodSource("gpus")
    void theProductIsHandedOn(Supplier<Gpu> open) {
        try (Gpu gpu = open.get()) {
            for (int n : new int[] {1, 30, 515, 514}) {
                float[] bias = Buffers.random(new Random(5), n, 1);
                checkFinish(gpu, n, STORE, bias);
                checkFinish(gpu, n, ADD, null);
                if (n % 2 == 0) {
                    checkFinish(gpu, n, SILU_TIMES, bias);
                }
            }
        }
    }

    private static void checkFinish(Gpu gpu, int n, int mode, float[] biasOrNull) {
        int first = 5; // two tokens for four rows
        int width = mode == SILU_TIMES ? n / 2 : n;
        float[] product = Buffers.random(new Random(n), ROWS * n, 1);
        float[] bias = biasOrNull == null ? new float[n] : biasOrNull;
        float[] before = Buffers.random(new Random(6), TOKENS * width, 1);
        float[] expected = before.clone();
        float largest = 0;
        for (int t = first; t < TOKENS; t++) {
            for (int i = 0; i < width; i++) {
                int at = (t - first) * n + (mode == SILU_TIMES ? 2 * i : i);
                expected[t * width + i] = switch (mode) {
                    case STORE -> product[at] + bias[i];
                    case ADD -> product[at] + bias[i] + before[t * width + i];
                    default -> silu(product[at] + bias[2 * i]) * (product[at + 1] + bias[2 * i + 1]);
                };
                largest = Math.max(largest, Math.abs(expected[t * width + i]));
            }
        }
        // The sums are the same float operations; exp within 4 ulp, then three roundings.
        float bound = mode == SILU_TIMES ? largest * 10 * 0x1p-24f : 0;
        float[] actual = finish(gpu, product, biasOrNull, before, n, width, mode, first);
        for (int i = 0; i < actual.length; i++) {
            assertThat(Math.abs(actual[i] - expected[i]))
                    .as("n %d, mode %d, %d", n, mode, i)
                    .isLessThanOrEqualTo(bound);
        }
    }

    private static float silu(float x) {
        return (float) (x / (1 + Math.exp(-x)));
    }

    /** y [TOKENS, width]. */
    private static float[] finish(
            Gpu gpu, float[] product, float[] bias, float[] before, int n, int width, int mode, int first) {
        int ldp = (n + 63) / 64 * 64;
        int ldy = Buffers.padded(width + 1);
        MemorySegment y = Buffers.floats(gpu, Buffers.strided(before, width, ldy));
        gpu.launch(
                "m1_gemm_finish", ROWS, (n + 511) / 512, 256, 0,
                Buffers.floats(gpu, Buffers.strided(product, n, ldp)), ldp,
                bias == null ? MemorySegment.NULL : Buffers.floats(gpu, bias), y, ldy, n, mode, first,
                Buffers.ints(gpu, TOKENS), KvTarget.none());
        float[] all = Buffers.floats(y, TOKENS * ldy);
        float[] result = new float[TOKENS * width];
        for (int t = 0; t < TOKENS; t++) {
            System.arraycopy(all, t * ldy, result, t * width, width);
            for (int i = width; i < ldy; i++) {
                assertThat(Float.isNaN(all[t * ldy + i])).as("padding is not written").isTrue();
            }
        }
        return result;
    }
}
