package dev.m1.cpu.kernels;

import dev.m1.spi.DType;
import dev.m1.spi.WeightTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * Weights as they are stored, in panels: of bfloat16 two inputs share a word of 32 bits, the lower one in its lower
 * half; all others become floats. No value changes.
 */
public final class PackedMatrix extends PanelMatrix {
    static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long ALIGNMENT = 64; // a cache line

    final MemorySegment words; // 32 bits [panels, blocks * 32 / perWord, width]
    private final int perWord; // inputs of a word

    /**
     * A matrix to be filled by {@link #copy}.
     *
     * @param stored the type of what will be copied
     */
    public PackedMatrix(int outputs, int inputs, DType stored, int width, SegmentAllocator memory) {
        super(outputs, inputs, width);
        perWord = perWord(stored);
        words = memory.allocate(bytes(outputs, inputs, stored, width), ALIGNMENT);
    }

    private static int perWord(DType stored) {
        return stored == DType.BF16 ? 2 : 1;
    }

    /** Bytes of a matrix of this shape. */
    public static long bytes(int outputs, int inputs, DType stored, int width) {
        return (long) panels(outputs, width) * width * blocks(inputs) * BLOCK / perWord(stored) * Integer.BYTES;
    }

    /** Where the words of a panel's input begin, in bytes. */
    long words(int panel, int input) {
        return ((long) panel * blocks * BLOCK + input) / perWord * width * Integer.BYTES;
    }

    /** Where a row's first word is; the next ones follow at {@code 4 * width} bytes. */
    private long row(int output) {
        return words(output / width, 0) + (long) output % width * Integer.BYTES;
    }

    /** Copies the rows of panels {@code [begin, end)}. */
    public void copy(WeightTensor stored, int begin, int end) {
        float[] row = perWord == 1 ? new float[inputs] : null;
        TensorReader reader = TensorReader.of(stored);
        for (int output = begin * width; output < Math.min(outputs, end * width); output++) {
            if (row == null) {
                copyPairs(stored.data(), output);
            } else {
                reader.read((long) output * inputs, inputs, row, 0);
                copyFloats(row, output);
            }
        }
    }

    private void copyPairs(MemorySegment data, int output) {
        long from = (long) output * inputs * Short.BYTES;
        long to = row(output);
        for (int i = 0; i < inputs / 2; i++) {
            words.set(WORD, to + (long) i * width * Integer.BYTES, data.get(WORD, from + (long) i * Integer.BYTES));
        }
        if (inputs % 2 == 1) {
            int last = inputs - 1;
            short bits = data.get(TensorReader.SHORT, from + (long) last * Short.BYTES);
            words.set(WORD, to + (long) (last / 2) * width * Integer.BYTES, bits & 0xffff);
        }
    }

    private void copyFloats(float[] row, int output) {
        long to = row(output);
        for (int i = 0; i < inputs; i++) {
            words.set(TensorReader.FLOAT, to + (long) i * width * Integer.BYTES, row[i]);
        }
    }
}
