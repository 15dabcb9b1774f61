package dev.m1.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.spi.DType;
import dev.m1.spi.WeightTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Matrix products: plain Java, the Vector API, few tokens and many give the same bits, close to a float64 product. */
class ProjectionTest {
    private static final int[] INPUTS = {1, 4, 6, 13, 16, 64, 207, 702, 1040, 2080, 4098, 4112};
    private static final String Q8 = "Q8";
    private static final int[] TOKENS = {1, 2, 3, 8, 9, 65};

    static Stream<Arguments> shapes() {
        List<Arguments> all = new ArrayList<>();
        long seed = 1;
        for (DType dtype : DType.values()) {
            for (int inputs : INPUTS) {
                all.add(Arguments.of(dtype.toString(), inputs, seed++));
            }
        }
        for (int inputs : INPUTS) {
            all.add(Arguments.of(Q8, inputs, seed++));
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} {1} seed {2}")
    @MethodSource("shapes")
    void everyWayGivesTheSameBits(String type, int inputs, long seed) {
        Random random = new Random(seed);
        Matrix first = matrix(type, 13, inputs, random);
        Matrix second = matrix(type, 4, inputs, random);
        float[] bias = floats(random, 4);
        Projection scalar = projection(new ScalarKernels(), first, second, bias);
        Projection vector = projection(new VectorKernels(), first, second, bias);
        LinearScratch scratch = LinearScratch.team(1, inputs)[0];
        for (int tokens : TOKENS) {
            int xStride = inputs + 3;
            float[] x = floats(random, tokens * xStride);
            float[] expected = new float[tokens * 20];
            scalar.apply(scratch, x, xStride, tokens, expected, 20, 0, 17, false);

            float[] whole = new float[tokens * 20];
            vector.apply(scratch, x, xStride, tokens, whole, 20, 0, 17, false);
            assertThat(whole).as("%d tokens", tokens).isEqualTo(expected);

            float[] split = new float[tokens * 20];
            for (int o = 0; o < 17; o += 6) {
                vector.apply(scratch, x, xStride, tokens, split, 20, o, Math.min(17, o + 6), false);
            }
            assertThat(split).as("%d tokens, outputs split", tokens).isEqualTo(expected);

            float[] single = new float[tokens * 20];
            for (int t = 0; t < tokens; t++) {
                float[] row = new float[xStride];
                System.arraycopy(x, t * xStride, row, 0, xStride);
                float[] y = new float[20];
                vector.apply(scratch, row, xStride, 1, y, 20, 0, 17, false);
                System.arraycopy(y, 0, single, t * 20, 20);
            }
            assertThat(single).as("%d tokens one by one", tokens).isEqualTo(expected);

            float[] added = floats(random, tokens * 20);
            float[] before = added.clone();
            vector.apply(scratch, x, xStride, tokens, added, 20, 0, 17, true);
            for (int t = 0; t < tokens; t++) {
                for (int o = 0; o < 17; o++) {
                    assertThat(added[t * 20 + o]).isEqualTo(before[t * 20 + o] + expected[t * 20 + o]);
                    Matrix matrix = o < 13 ? first : second;
                    close(expected[t * 20 + o], matrix, o < 13 ? o : o - 13, o < 13 ? 0 : bias[o - 13], x, t * xStride);
                }
            }
        }
    }

    /**
     * A lane adds ceil(n / 16) products with one rounding each, the tree four times, the bias once more: k = n / 16 + 6
     * roundings, so the error is at most k u / (1 - k u) times the sum of magnitudes, u = 2^-24 (Higham, section 3.1).
     */
    private static void close(float actual, Matrix matrix, int row, float bias, float[] x, int from) {
        int n = matrix.inputs();
        float[] w = new float[n];
        matrix.reader().read((long) row * n, n, w, 0);
        double sum = bias;
        double magnitude = Math.abs(bias);
        for (int i = 0; i < n; i++) {
            sum += (double) w[i] * x[from + i];
            magnitude += Math.abs((double) w[i] * x[from + i]);
        }
        double ku = (n / 16 + 6) * 0x1p-24;
        assertThat(Math.abs(actual - sum)).isLessThanOrEqualTo(ku / (1 - ku) * magnitude + 1e-12 * magnitude);
    }

    private static Projection projection(Kernels kernels, Matrix first, Matrix second, float[] bias) {
        return new Projection(
                kernels,
                List.of(first.linear().apply(kernels, null), second.linear().apply(kernels, bias)));
    }

    /** A weight matrix of whatever type, for either kernels. */
    private record Matrix(int inputs, BiFunction<Kernels, float[], Linear> linear, TensorReader reader) {}

    private static Matrix matrix(String type, int outputs, int inputs, Random random) {
        if (type.equals(Q8)) {
            Q8Matrix rounded = Q8MatrixTest.rounded(
                    new ScalarKernels(), weights(DType.F32, outputs, inputs, random), Arena.ofAuto());
            return new Matrix(inputs, (kernels, bias) -> kernels.linear(rounded, bias), TensorReader.of(rounded));
        }
        WeightTensor stored = weights(DType.valueOf(type), outputs, inputs, random);
        return new Matrix(inputs, (kernels, bias) -> kernels.linear(stored, bias), TensorReader.of(stored));
    }

    static WeightTensor weights(DType dtype, int outputs, int inputs, Random random) {
        MemorySegment data = Arena.ofAuto()
                .allocate((long) outputs * inputs * dtype.bytes() + 1)
                .asSlice(1);
        for (int i = 0; i < outputs * inputs; i++) {
            float value = (float) random.nextGaussian() * (random.nextInt(50) == 0 ? 1e-5f : 1); // subnormal halves too
            switch (dtype) {
                case F32 -> data.set(TensorReader.FLOAT, 4L * i, value);
                case F16 -> data.set(TensorReader.SHORT, 2L * i, Float.floatToFloat16(value));
                case BF16 -> data.set(TensorReader.SHORT, 2L * i, Bf16.fromFloat(value));
            }
        }
        return new WeightTensor("w", dtype, List.of(outputs, inputs), data);
    }

    private static float[] floats(Random random, int n) {
        float[] x = new float[n];
        for (int i = 0; i < n; i++) {
            x[i] = (float) random.nextGaussian();
        }
        return x;
    }
}
