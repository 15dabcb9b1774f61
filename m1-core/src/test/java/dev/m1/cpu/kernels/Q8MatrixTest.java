package dev.m1.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.errors.CheckpointException;
import dev.m1.spi.DType;
import dev.m1.spi.WeightTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Rounding to 8 bits: its rule, its error, and the same bits from plain Java and from vectors. */
class Q8MatrixTest {
    private static final int ROWS = 7;

    /** A stored matrix, rounded. */
    static Q8Matrix rounded(Kernels kernels, WeightTensor stored, Arena arena) {
        int outputs = stored.shape().get(0);
        int inputs = stored.shape().get(1);
        Q8Matrix matrix = Q8Rows.matrix(kernels, outputs, inputs, arena);
        Q8Rows.team(kernels, 1, inputs + 5)[0].quantize(Q8Rows.source(kernels, stored), matrix, 0, outputs);
        return matrix;
    }

    private static WeightTensor tensor(float... values) {
        MemorySegment data = Arena.ofAuto().allocate(4L * values.length);
        for (int i = 0; i < values.length; i++) {
            data.set(TensorReader.FLOAT, 4L * i, values[i]);
        }
        return new WeightTensor("layers.3.weight", DType.F32, List.of(1, values.length), data);
    }

    private static float[] values(Q8Matrix matrix) {
        float[] values = new float[matrix.outputs * matrix.inputs];
        TensorReader.of(matrix).read(0, values.length, values, 0);
        return values;
    }

    private static float[] roundedBothWays(float... values) {
        Arena arena = Arena.ofAuto();
        float[] plain = values(rounded(new ScalarKernels(), tensor(values), arena));
        assertThat(values(rounded(new VectorKernels(), tensor(values), arena))).isEqualTo(plain);
        return plain;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4, 6, 13, 16, 31, 32, 33, 48, 207, 702, 4098})
    void errorsStayWithinHalfAStep(int inputs) {
        for (DType dtype : DType.values()) {
            Random random = new Random(inputs);
            WeightTensor stored = ProjectionTest.weights(dtype, ROWS, inputs, random);
            Arena arena = Arena.ofAuto();
            Q8Matrix plain = rounded(new ScalarKernels(), stored, arena);
            Q8Matrix fast = rounded(new VectorKernels(), stored, arena);
            same(fast, plain);
            assertThat(plain.quants.byteSize() + plain.scales.byteSize())
                    .isEqualTo(Q8Matrix.bytes(ROWS, inputs, plain.width));
            float[] w = new float[ROWS * inputs];
            TensorReader.of(stored).read(0, w.length, w, 0);
            float[] held = values(plain);
            for (int row = 0; row < ROWS; row++) {
                for (int k = 0; k < inputs; k += Q8Matrix.BLOCK) {
                    int to = Math.min(inputs, k + Q8Matrix.BLOCK);
                    checkBlock(w, held, row * inputs + k, row * inputs + to);
                }
            }
        }
    }

    /** Equal integers and scales; panels may have different widths. */
    private static void same(Q8Matrix a, Q8Matrix b) {
        for (int row = 0; row < a.outputs; row++) {
            for (int input = 0; input < a.inputs; input++) {
                assertThat(a.quant(row, input)).isEqualTo(b.quant(row, input));
                assertThat(a.scale(row, input)).isEqualTo(b.scale(row, input));
            }
        }
    }

    /** The bound of {@link Q8Matrix}, with the scale of exact arithmetic, which its rounding changes by 2^-24 of it. */
    private static void checkBlock(float[] w, float[] held, int begin, int end) {
        double largest = 0;
        for (int i = begin; i < end; i++) {
            largest = Math.max(largest, Math.abs((double) w[i]));
        }
        double scale = Math.max(largest / 127, Float.MIN_NORMAL);
        for (int i = begin; i < end; i++) {
            // |w / scale| <= 127: the quotient and the product are each rounded by less than 127 * 2^-24 = 2^-17 steps
            assertThat(Math.abs((double) held[i] - w[i])).isLessThanOrEqualTo(scale * (0.5 + 0x1p-16 + 0x1p-23));
        }
    }

    @Test
    void multiplesOfAStepStayAsTheyAre() {
        float[] w = new float[70];
        for (int i = 0; i < w.length; i++) {
            w[i] = (i * 37 % 255 - 127) * 0x1p-9f;
        }
        w[3] = 127 * 0x1p-9f; // so that a step of every block is 2^-9
        w[40] = -127 * 0x1p-9f;
        w[69] = 127 * 0x1p-9f;
        assertThat(roundedBothWays(w)).isEqualTo(w);
    }

    @Test
    void tiesGoToTheEvenNeighbour() {
        float[] held = roundedBothWays(127, 0.5f, 1.5f, 2.5f, -0.5f, -1.5f, -2.5f, 126.5f, -126.5f);
        assertThat(held).containsExactly(127, 0, 2, 2, 0, -2, -2, 126, -126);
    }

    @Test
    void zerosOfEitherSignAndTheSmallestNumbers() {
        float[] zeros = new float[40];
        Arrays.fill(zeros, 5, 20, -0f);
        assertThat(roundedBothWays(zeros)).isEqualTo(new float[40]); // +0, as the products are

        float step = Float.MIN_NORMAL; // smaller blocks keep this scale
        float[] small = roundedBothWays(Float.MIN_VALUE, -step, 0.75f * step, 0.25f * step, 100.5f * step);
        assertThat(small).containsExactly(0, -step, step, 0, 100 * step);
    }

    @Test
    void theLargestNumbersStayFinite() {
        float huge = 0x1.fp127f;
        float[] held = roundedBothWays(huge, -huge, huge / 254);
        assertThat(held[0]).isBetween(huge * 0.999999f, huge * 1.000001f);
        assertThat(held[1]).isEqualTo(-held[0]);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void whatIsNotFiniteIsRefusedByNameAndPlace(float value) {
        for (Kernels kernels : List.of(new ScalarKernels(), new VectorKernels())) {
            for (int i : new int[] {0, 1, 33, 50, 69}) {
                float[] w = new float[70];
                w[i] = value;
                assertThatThrownBy(() -> rounded(kernels, tensor(w), Arena.ofAuto()))
                        .isInstanceOf(CheckpointException.class)
                        .hasMessageContainingAll("layers.3.weight", "[0, " + i + "]", "" + value);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(DType.class)
    void everyTypeIsRoundedFromItsExactValue(DType dtype) {
        WeightTensor stored = ProjectionTest.weights(dtype, 2, 96, new Random(5));
        float[] w = new float[192];
        TensorReader.of(stored).read(0, w.length, w, 0);
        MemorySegment data = Arena.ofAuto().allocate(4L * w.length);
        MemorySegment.copy(w, 0, data, TensorReader.FLOAT, 0, w.length);
        WeightTensor floats = new WeightTensor("floats", DType.F32, List.of(2, 96), data);
        Q8Matrix a = rounded(new VectorKernels(), stored, Arena.ofAuto());
        Q8Matrix b = rounded(new VectorKernels(), floats, Arena.ofAuto());
        same(a, b);
    }

    @Test
    void inputsOfABlockAreTheBytesOfItsStepsInSlotOrder() {
        float[] row = new float[64];
        for (int i = 0; i < row.length; i++) {
            row[i] = i;
        }
        float[] slots = new float[64];
        Lanes.spread(row, 0, 64, slots, 0, 16);
        for (int slot = 0; slot < 64; slot++) {
            int input = (int) slots[slot];
            assertThat(Q8Matrix.step(input)).isEqualTo(slot % 8);
            assertThat(Q8Matrix.byteOfLane(input)).isEqualTo(slot % 32 / 8);
            assertThat(Q8Matrix.input(slot % 8, slot % 32 / 8)).isEqualTo(input % 32);
        }
    }

    @Test
    void theLowerThreeBytesOfALaneAreStoredWithAnExcess() {
        float[] w = new float[32];
        w[0] = 127; // the lowest byte of the first step
        w[1] = -127;
        w[16] = 64;
        w[17] = -3; // the highest
        Q8Matrix matrix = rounded(new VectorKernels(), tensor(w), Arena.ofAuto());
        int lane = matrix.quants.get(Q8ScalarKernel.LANE, 0);
        assertThat(lane).isEqualTo(127 + 128 | -127 + 128 << 8 | 64 + 128 << 16 | -3 << 24);
        assertThat(matrix.quants.byteSize()).isEqualTo(32L * matrix.width);
    }
}
