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
    private static final int ROWS = 19; // three panels of 8 rows, two of 16

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
            float[] unpacked = unpacked(packed(kernels, stored));
            int width = kernels.packed(DType.BF16).width();
            for (int i = 0; i < 3; i++) {
                assertThat(Float.floatToRawIntBits(unpacked[2 * i * width])).isEqualTo(bits << 16);
            }
        }
    }

    private static void check(PanelLinear<PackedMatrix> linear, DType dtype, float[] expected) {
        PackedMatrix matrix = linear.matrix();
        int width = matrix.width;
        assertThat(matrix.words.byteSize()).isEqualTo(PackedMatrix.bytes(ROWS, matrix.inputs, dtype, width));
        int padded = PanelMatrix.padded(matrix.inputs);
        for (int p = 0; p < matrix.panels(); p++) {
            float[] two = new float[padded * 2 * width];
            int second = matrix.panels() - 1 - p;
            for (int b = 0; b < matrix.blocks; b++) {
                int to = b * PanelMatrix.BLOCK * 2 * width;
                linear.kernel().unpack(matrix, p, second, b, 1, two, to);
            }
            for (int i = 0; i < padded; i++) {
                for (int r = 0; r < width; r++) {
                    assertThat(two[2 * i * width + r]).isEqualTo(weight(expected, matrix, p * width + r, i));
                    assertThat(two[(2 * i + 1) * width + r])
                            .isEqualTo(weight(expected, matrix, second * width + r, i));
                }
            }
        }
    }

    private static float weight(float[] expected, PackedMatrix matrix, int row, int input) {
        return row < ROWS && input < matrix.inputs ? expected[row * matrix.inputs + input] : 0;
    }

    private static float[] unpacked(PanelLinear<PackedMatrix> linear) {
        float[] two = new float[PanelMatrix.BLOCK * 2 * linear.matrix().width];
        linear.kernel().unpack(linear.matrix(), 0, 0, 0, 1, two, 0);
        return two;
    }
}
