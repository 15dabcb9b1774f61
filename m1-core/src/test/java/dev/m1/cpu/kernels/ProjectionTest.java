package dev.m1.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.spi.DType;
import dev.m1.spi.WeightTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Matrix products: plain Java, the Vector API, few tokens and many give the same bits, close to a float64 product. */
class ProjectionTest {
    private static final int[] INPUTS = {1, 4, 6, 13, 16, 64, 207, 702, 1040, 2080, 4098, 4112};
    private static final String Q8 = "Q8";
    private static final String PACKED = "packed "; // and a type
    private static final int FIRST = 93; // outputs of the first part: six panels of 16 rows
    private static final int TOTAL = FIRST + 4;
    private static final int STRIDE = TOTAL + 3;
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
        for (DType dtype : DType.values()) {
            for (int inputs : INPUTS) {
                all.add(Arguments.of(PACKED + dtype, inputs, seed++));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0} {1} seed {2}")
    @MethodSource("shapes")
    void everyWayGivesTheSameBits(String type, int inputs, long seed) {
        Random random = new Random(seed);
        Matrix first = matrix(type, FIRST, inputs, random);
        Matrix second = matrix(type, 4, inputs, random);
        float[] bias = floats(random, 4);
        Projection scalar = projection(new ScalarKernels(), first, second, bias);
        Projection vector = projection(new VectorKernels(), first, second, bias);
        LinearScratch scratch = LinearScratch.team(1, inputs)[0];
        for (int tokens : TOKENS) {
            int xStride = inputs + 3;
            float[] x = floats(random, tokens * xStride);
            float[] expected = new float[tokens * STRIDE];
            scalar.apply(scratch, x, xStride, tokens, expected, STRIDE, 0, TOTAL, false);

            float[] whole = new float[tokens * STRIDE];
            vector.apply(scratch, x, xStride, tokens, whole, STRIDE, 0, TOTAL, false);
            assertThat(whole).as("%d tokens", tokens).isEqualTo(expected);

            float[] split = new float[tokens * STRIDE];
            for (int o = 0; o < TOTAL; o += 38) {
                vector.apply(scratch, x, xStride, tokens, split, STRIDE, o, Math.min(TOTAL, o + 38), false);
            }
            assertThat(split).as("%d tokens, outputs split", tokens).isEqualTo(expected);

            float[] single = new float[tokens * STRIDE];
            for (int t = 0; t < tokens; t++) {
                float[] row = new float[xStride];
                System.arraycopy(x, t * xStride, row, 0, xStride);
                float[] y = new float[STRIDE];
                vector.apply(scratch, row, xStride, 1, y, STRIDE, 0, TOTAL, false);
                System.arraycopy(y, 0, single, t * STRIDE, STRIDE);
            }
            assertThat(single).as("%d tokens one by one", tokens).isEqualTo(expected);

            float[] added = floats(random, tokens * STRIDE);
            float[] before = added.clone();
            vector.apply(scratch, x, xStride, tokens, added, STRIDE, 0, TOTAL, true);
            for (int t = 0; t < tokens; t++) {
                for (int o = 0; o < TOTAL; o++) {
                    float y = expected[t * STRIDE + o];
                    assertThat(added[t * STRIDE + o]).isEqualTo(before[t * STRIDE + o] + y);
                    if (o < FIRST) {
                        close(y, first, o, 0, x, t * xStride);
                    } else {
                        close(y, second, o - FIRST, bias[o - FIRST], x, t * xStride);
                    }
                }
            }
        }
    }

    /**
     * As stored: a lane adds ceil(n / 16) products with one rounding each, the tree four times, the bias once more: k =
     * n / 16 + 6 roundings, so the error is at most k u / (1 - k u) times the sum of magnitudes, u = 2^-24 (Higham,
     * section 3.1).
     *
     * <p>In panels: a sum takes 1024 products at most, the total one addition for each of these, and one for the bias:
     * k = min(n, 1024) + ceil(n / 1024) + 1.
     *
     * <p>8 bits: the sum of a block begins with -128 times at most 32 activations, which took 5 additions, and goes
     * through 32 more; then it takes part in one addition for every block and that of the bias. The reference's weights
     * are rounded once. That makes k = 39 + blocks. The magnitudes: a byte is at most |q| + 128, and the beginning adds
     * another 128, so a weight counts as |q| + 256 steps.
     */
    private static void close(float actual, Matrix matrix, int row, float bias, float[] x, int from) {
        int n = matrix.inputs();
        float[] w = new float[n];
        matrix.reader().read((long) row * n, n, w, 0);
        double sum = bias;
        double magnitude = Math.abs(bias);
        for (int i = 0; i < n; i++) {
            sum += (double) w[i] * x[from + i];
            double excess = matrix.rounded() == null ? 0 : 256.0 * matrix.rounded().scale(row, i);
            magnitude += (Math.abs((double) w[i]) + excess) * Math.abs(x[from + i]);
        }
        double ku = matrix.roundings() * 0x1p-24;
        assertThat(Math.abs(actual - sum)).isLessThanOrEqualTo(ku / (1 - ku) * magnitude + 1e-12 * magnitude);
    }

    private static Projection projection(Kernels kernels, Matrix first, Matrix second, float[] bias) {
        if (first.rounded() != null) {
            return new PanelProjection<>(List.of(first.rounded(kernels, null), second.rounded(kernels, bias)));
        }
        if (first.packed()) {
            return new PanelProjection<>(List.of(first.packed(kernels, null), second.packed(kernels, bias)));
        }
        return new LaneProjection(
                kernels, List.of(kernels.linear(first.stored(), null), kernels.linear(second.stored(), bias)));
    }

    /**
     * A weight matrix.
     *
     * @param rounded the same in 8 bits if it is to be used so, or null
     * @param packed whether it is to be used in panels
     */
    private record Matrix(int inputs, WeightTensor stored, Q8Matrix rounded, boolean packed) {
        TensorReader reader() {
            return rounded == null ? TensorReader.of(stored) : TensorReader.of(rounded);
        }

        int roundings() {
            if (rounded != null) {
                return 39 + PanelMatrix.blocks(inputs);
            }
            return packed ? Math.min(inputs, 1024) + (inputs + 1023) / 1024 + 1 : inputs / 16 + 6;
        }

        PanelLinear<Q8Matrix> rounded(Kernels kernels, float[] bias) {
            return new PanelLinear<>(kernels.q8(), Q8MatrixTest.rounded(kernels, stored, Arena.ofAuto()), bias);
        }

        PanelLinear<PackedMatrix> packed(Kernels kernels, float[] bias) {
            return PackedMatrixTest.packed(kernels, stored).with(bias);
        }
    }

    private static Matrix matrix(String type, int outputs, int inputs, Random random) {
        boolean q8 = type.equals(Q8);
        boolean packed = type.startsWith(PACKED);
        DType dtype = q8 ? DType.F32 : DType.valueOf(packed ? type.substring(PACKED.length()) : type);
        WeightTensor stored = weights(dtype, outputs, inputs, random);
        Q8Matrix rounded = q8 ? Q8MatrixTest.rounded(new ScalarKernels(), stored, Arena.ofAuto()) : null;
        return new Matrix(inputs, stored, rounded, packed);
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
