package dev.m1.cpu.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.spi.DType;
import dev.m1.spi.WeightTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Copies in panels have the stored weights, bit for bit, and zeros around them. */
class PackedMatrixTest {
    private static final int ROWS = 35; // three panels of 16 rows, two of 32

    /** A stored matrix in panels. */
    static PanelLinear<PackedMatrix> packed(Kernels kernels, WeightTensor stored) {
        PanelKernel<PackedMatrix> kernel = kernels.packed(stored.dtype());
        List<Integer> shape = stored.shape();
        PackedMatrix matrix =
                new PackedMatrix(shape.get(0), shape.get(1), stored.dtype(), kernel.width(), Arena.ofAuto());
        int half = matrix.panels() / 2;
        matrix.copy(stored, half, matrix.panels());
        matrix.copy(stored, 0, half);
        return new PanelLinear<>(kernel, matrix, null);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 13, 31, 32, 33, 300})
    void holdsWhatIsStored(int inputs) {
        for (DType dtype : DType.values()) {
            WeightTensor stored = ProjectionTest.weights(dtype, ROWS, inputs, new Random(inputs));
            float[] expected = new float[ROWS * inputs];
            TensorReader.of(stored).read(0, expected.length, expected, 0);
            check(packed(new ScalarKernels(), stored), dtype, expected);
            check(packed(new VectorKernels(), stored), dtype, expected);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0x7f80, 0xff80, 0x7fc0, 0x7f81, 0x8000, 0x0001})
    void keepsTheBitsOfUnusualNumbers(int bits) {
        MemorySegment data = Arena.ofAuto().allocate(6);
        for (int i = 0; i < 3; i++) {
            data.set(TensorReader.SHORT, 2L * i, (short) bits);
        }
        WeightTensor stored = new WeightTensor("w", DType.BF16, List.of(1, 3), data);
        for (Kernels kernels : List.of(new ScalarKernels(), new VectorKernels())) {
            PackedMatrix matrix = packed(kernels, stored).matrix();
            for (int i = 0; i < 3; i++) {
                assertThat(bits(matrix, DType.BF16, 0, i)).isEqualTo(bits << 16);
            }
        }
    }

    private static void check(PanelLinear<PackedMatrix> linear, DType dtype, float[] expected) {
        PackedMatrix matrix = linear.matrix();
        int width = matrix.width;
        assertThat(matrix.words.byteSize()).isEqualTo(PackedMatrix.bytes(ROWS, matrix.inputs, dtype, width));
        int padded = PanelMatrix.padded(matrix.inputs);
        for (int row = 0; row < matrix.panels() * width; row++) {
            for (int input = 0; input < padded; input++) {
                boolean inside = row < ROWS && input < matrix.inputs;
                assertThat(Float.intBitsToFloat(bits(matrix, dtype, row, input)))
                        .isEqualTo(inside ? expected[row * matrix.inputs + input] : 0);
            }
        }
    }

    /** The bits of a weight as a float, by the layout: of bfloat16 a word has a row of either half of its panel. */
    private static int bits(PackedMatrix matrix, DType dtype, int row, int input) {
        int width = matrix.width;
        int perPanel = PanelMatrix.padded(matrix.inputs);
        int r = row % width;
        long place = (long) row / width * perPanel + input;
        if (dtype != DType.BF16) {
            return matrix.words.get(PackedMatrix.WORD, (place * width + r) * Integer.BYTES);
        }
        int half = width / 2;
        int word = matrix.words.get(PackedMatrix.WORD, (place * half + r % half) * Integer.BYTES);
        return r < half ? word << 16 : word & 0xffff0000;
    }
}
