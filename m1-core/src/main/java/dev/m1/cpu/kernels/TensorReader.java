package dev.m1.cpu.kernels;

import dev.m1.spi.WeightTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Turns weights into floats; one implementation per element type. Every conversion of a stored type is exact, that of
 * 8-bit weights is the one product that {@link Q8Matrix} names.
 */
public abstract sealed class TensorReader {
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    final MemorySegment data;

    private TensorReader(MemorySegment data) {
        this.data = data;
    }

    public static TensorReader of(WeightTensor tensor) {
        return switch (tensor.dtype()) {
            case BF16 -> new OfBf16(tensor.data());
            case F16 -> new OfF16(tensor.data());
            case F32 -> new OfF32(tensor.data());
        };
    }

    public static TensorReader of(Q8Matrix matrix) {
        return new OfQ8(matrix);
    }

    /** A whole vector such as a norm's gain or a bias. */
    public static float[] floats(WeightTensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.elements())];
        of(tensor).read(0, values.length, values, 0);
        return values;
    }

    /** Reads {@code n} elements from index {@code first} on into {@code target[to …]}. */
    public abstract void read(long first, int n, float[] target, int to);

    private static final class OfBf16 extends TensorReader {
        OfBf16(MemorySegment data) {
            super(data);
        }

        @Override
        public void read(long first, int n, float[] target, int to) {
            for (int i = 0; i < n; i++) {
                target[to + i] = Bf16.toFloat(data.get(SHORT, (first + i) * Short.BYTES));
            }
        }
    }

    private static final class OfF16 extends TensorReader {
        OfF16(MemorySegment data) {
            super(data);
        }

        @Override
        public void read(long first, int n, float[] target, int to) {
            for (int i = 0; i < n; i++) {
                target[to + i] = Float.float16ToFloat(data.get(SHORT, (first + i) * Short.BYTES));
            }
        }
    }

    private static final class OfF32 extends TensorReader {
        OfF32(MemorySegment data) {
            super(data);
        }

        @Override
        public void read(long first, int n, float[] target, int to) {
            MemorySegment.copy(data, FLOAT, first * Float.BYTES, target, to, n);
        }
    }

    private static final class OfQ8 extends TensorReader {
        private final Q8Matrix matrix;

        OfQ8(Q8Matrix matrix) {
            super(matrix.quants);
            this.matrix = matrix;
        }

        @Override
        public void read(long first, int n, float[] target, int to) {
            for (int i = 0; i < n; i++) {
                int row = (int) ((first + i) / matrix.inputs);
                int input = (int) ((first + i) % matrix.inputs);
                target[to + i] = matrix.quant(row, input) * matrix.scale(row, input);
            }
        }
    }
}
