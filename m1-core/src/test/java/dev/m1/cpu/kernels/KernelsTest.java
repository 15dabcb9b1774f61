package dev.m1.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.spi.Limits.KvType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Plain Java and the Vector API give the same bits, close to float64. */
class KernelsTest {
    private static final double U = 0x1p-24; // half an ulp of 1
    private static final int FROM = 5;

    private final Kernels scalar = new ScalarKernels();
    private final Kernels vector = new VectorKernels();
    private final float[] lanes = new float[Lanes.COUNT];

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 6, 13, 15, 16, 17, 207, 702, 4098})
    void sumOfSquares(int n) {
        float[] x = floats(new Random(n), n + FROM, 3);
        float sum = scalar.sumOfSquares(x, FROM, n, lanes);
        assertThat(vector.sumOfSquares(x, FROM, n, lanes)).isEqualTo(sum);
        double exact = 0;
        for (int i = FROM; i < FROM + n; i++) {
            exact += (double) x[i] * x[i];
        }
        // n / 16 + 1 roundings in a lane and 4 in the tree, all terms positive
        assertThat((double) sum).isBetween(exact * (1 - (n / 16 + 6) * U), exact * (1 + (n / 16 + 6) * U));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 6, 13, 15, 16, 17, 207, 702, 4098})
    void expSum(int n) {
        float[] x = floats(new Random(n), n + FROM, 20);
        float[] y = x.clone();
        float[] original = x.clone();
        float sum = scalar.expSum(x, FROM, n, lanes);
        assertThat(vector.expSum(y, FROM, n, lanes)).isEqualTo(sum);
        assertThat(y).isEqualTo(x);
        float max = Float.NEGATIVE_INFINITY;
        for (int i = FROM; i < FROM + n; i++) {
            max = Math.max(max, original[i]);
        }
        double exact = 0;
        for (int i = FROM; i < FROM + n; i++) {
            double e = Math.exp((double) original[i] - max);
            exact += e;
            // 2 ulps of exp, at most 4 U each; the rounded difference, at most 160, is off by 160 U, as is its
            // exponential
            assertThat((double) x[i]).isBetween(e * (1 - 168 * U) - 1e-44, e * (1 + 168 * U) + 1e-44);
        }
        assertThat((double) sum).isBetween(exact * (1 - (n / 16 + 180) * U), exact * (1 + (n / 16 + 180) * U));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 13, 16, 32, 70})
    void whatIsNoNumberIsNotLostInASoftmax(int n) {
        for (int i = 0; i < n; i++) {
            float[] x = floats(new Random(n), n + FROM, 20);
            x[FROM + i] = Float.NaN;
            assertThat(scalar.expSum(x.clone(), FROM, n, lanes)).isNaN();
            assertThat(vector.expSum(x.clone(), FROM, n, lanes)).isNaN();
            x[FROM + i] = Float.NEGATIVE_INFINITY;
            if (n > 1) {
                float[] y = x.clone();
                assertThat(vector.expSum(y, FROM, n, lanes)).isEqualTo(scalar.expSum(x, FROM, n, lanes));
                assertThat(y).isEqualTo(x);
                assertThat(y[FROM + i]).isZero();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 6, 13, 16, 207, 702, 4098})
    void siluTimes(int n) {
        float[] x = floats(new Random(n), 2 * n + FROM, 12);
        float[] y = x.clone();
        float[] original = x.clone();
        scalar.siluTimes(x, FROM, FROM + n, n);
        vector.siluTimes(y, FROM, FROM + n, n);
        assertThat(y).isEqualTo(x);
        for (int i = FROM; i < FROM + n; i++) {
            double g = original[i];
            double exact = g / (1 + Math.exp(-g)) * original[i + n];
            // exp 4 U, then a sum, a division and a product of U each
            assertThat(x[i] - exact).isBetween(-8 * U * Math.abs(exact) - 1e-40, 8 * U * Math.abs(exact) + 1e-40);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 640})
    void fold(int count) {
        float[] x = floats(new Random(count), count * Lanes.COUNT + FROM, 1);
        float[] y = x.clone();
        float[] original = x.clone();
        scalar.fold(x, FROM, count);
        vector.fold(y, FROM, count);
        for (int i = 0; i < count; i++) {
            float sum = Lanes.sum(original, FROM + i * Lanes.COUNT);
            assertThat(Lanes.rest(x, FROM + 4 * i)).isEqualTo(sum);
            assertThat(Lanes.rest(y, FROM + 4 * i)).isEqualTo(sum);
        }
    }

    @ParameterizedTest
    @CsvSource({"F32,8", "F32,22", "F32,64", "F32,128", "BF16,8", "BF16,22", "BF16,64", "BF16,80", "BF16,128"})
    void attention(KvType type, int headDim) {
        Random random = new Random(headDim);
        KvLayout layout = KvLayout.of(headDim, type);
        KvStorage plainStorage = scalar.kv(type, layout);
        KvStorage storage = vector.kv(type, layout);
        AttentionKernel plain = scalar.attention(layout);
        AttentionKernel fast = vector.attention(layout);
        MemorySegment pool = Arena.ofAuto().allocate(2 * (layout.keyBytes() + layout.valueBytes()));
        long keys = layout.keyBytes() + layout.valueBytes();
        long values = keys + layout.keyBytes();
        float[][] key = new float[KvLayout.BLOCK][];
        float[][] value = new float[KvLayout.BLOCK][];
        for (int t = 0; t < KvLayout.BLOCK; t++) {
            key[t] = stored(type, floats(random, headDim, 1));
            value[t] = stored(type, floats(random, headDim, 1));
            storage.putKey(pool, keys, t, key[t], 0);
            storage.putValue(pool, values, t, value[t], 0);
        }
        int k = 48; // where the keys begin
        float[] block = new float[k + headDim * KvLayout.BLOCK];
        storage.readKeys(pool, keys, block, k);
        float[] same = new float[block.length];
        plainStorage.readKeys(pool, keys, same, k);
        assertThat(block).isEqualTo(same);
        int stride = 3 * KvLayout.BLOCK;
        int q = 5; // where the queries begin
        float[] queries = floats(random, q + KvLayout.QUERIES * headDim, 1);
        float[] a = new float[KvLayout.QUERIES * stride];
        float[] b = new float[KvLayout.QUERIES * stride];
        plain.scores(block, k, queries, q, 0.3f, a, KvLayout.BLOCK, stride);
        fast.scores(block, k, queries, q, 0.3f, b, KvLayout.BLOCK, stride);
        assertThat(b).isEqualTo(a);
        float[] two = new float[KvLayout.QUERIES * stride];
        fast.scoresOfTwo(block, k, queries, q, 0.3f, two, KvLayout.BLOCK, stride);
        assertThat(Arrays.copyOf(two, 2 * stride)).isEqualTo(Arrays.copyOf(a, 2 * stride));
        for (int i = 0; i < KvLayout.QUERIES; i++) {
            for (int t = 0; t < KvLayout.BLOCK; t++) {
                double dot = 0;
                double magnitude = 0;
                for (int d = 0; d < headDim; d++) {
                    dot += (double) queries[q + i * headDim + d] * key[t][d];
                    magnitude += Math.abs((double) queries[q + i * headDim + d] * key[t][d]);
                }
                // headDim roundings of the chain, one of the scale; 0.3f is exact here
                assertThat(Math.abs(a[i * stride + KvLayout.BLOCK + t] - dot * 0.3f))
                        .isLessThanOrEqualTo((headDim + 2) * U * magnitude * 0.3f);
            }
        }
        for (int count : new int[] {1, 7, 31, 32}) {
            float[] some = new float[k + layout.valueStride() * KvLayout.BLOCK];
            storage.readValues(pool, values, count, some, k);
            float[] others = new float[some.length];
            plainStorage.readValues(pool, values, count, others, k);
            assertThat(some).isEqualTo(others);
            mix(plain, fast, layout, Arrays.copyOfRange(some, k, some.length), count, random, value);
        }
    }

    private static void mix(
            AttentionKernel plain,
            AttentionKernel fast,
            KvLayout layout,
            float[] values,
            int count,
            Random random,
            float[][] value) {
        int stride = 2 * KvLayout.BLOCK;
        float[] weights = floats(random, KvLayout.QUERIES * stride, 1);
        int to = 7; // where the sums begin
        float[] a = new float[to + KvLayout.QUERIES * layout.valueStride()];
        float[] b = new float[a.length];
        plain.mix(values, count, weights, 3, stride, a, to);
        fast.mix(values, count, weights, 3, stride, b, to);
        assertThat(b).isEqualTo(a);
        float[] two = new float[a.length];
        fast.mixOfTwo(values, count, weights, 3, stride, two, to);
        int firstTwo = to + 2 * layout.valueStride();
        assertThat(Arrays.copyOf(two, firstTwo)).isEqualTo(Arrays.copyOf(a, firstTwo));
        for (int i = 0; i < KvLayout.QUERIES; i++) {
            for (int d = 0; d < layout.headDim(); d++) {
                double sum = 0;
                double magnitude = 0;
                for (int t = 0; t < count; t++) {
                    sum += (double) weights[i * stride + 3 + t] * value[t][d];
                    magnitude += Math.abs((double) weights[i * stride + 3 + t] * value[t][d]);
                }
                assertThat(Math.abs(a[to + i * layout.valueStride() + d] - sum))
                        .isLessThanOrEqualTo((count + 1) * U * magnitude);
            }
        }
    }

    private static float[] stored(KvType type, float[] x) {
        for (int i = 0; type == KvType.BF16 && i < x.length; i++) {
            x[i] = Bf16.toFloat(Bf16.fromFloat(x[i]));
        }
        return x;
    }

    private static float[] floats(Random random, int n, float scale) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian() * scale;
        }
        return x;
    }
}
