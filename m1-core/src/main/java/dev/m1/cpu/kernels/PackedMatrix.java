package dev.m1.cpu.kernels;

import dev.m1.spi.DType;
import dev.m1.spi.WeightTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

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

    /** Copies the rows of panels {@code [begin, end)}. */
    public void copy(WeightTensor stored, int begin, int end) {
        Rows rows = perWord == 2 ? new Bf16Rows(stored.data(), inputs) : new FloatRows(stored, inputs);
        int perRow = blocks * BLOCK / perWord;
        int[] panel = new int[Math.multiplyExact(perRow, width)]; // [words of a row, width]
        for (int p = begin; p < end; p++) {
            int count = Math.min(width, outputs - p * width);
            for (int r = 0; r < count; r++) {
                int[] row = rows.read(p * width + r);
                for (int i = 0; i < row.length; i++) {
                    panel[i * width + r] = row[i];
                }
            }
            if (count < width) {
                clear(panel, count);
            }
            MemorySegment.copy(panel, 0, words, WORD, words(p, 0), panel.length);
        }
    }

    /** The last panel has fewer rows than the one before it in the same buffer. */
    private void clear(int[] panel, int from) {
        for (int i = 0; i < panel.length; i += width) {
            Arrays.fill(panel, i + from, i + width, 0);
        }
    }

    /** Stored rows as words. */
    private interface Rows {
        /** A row's words, overwritten by the next one. */
        int[] read(int output);
    }

    private static final class Bf16Rows implements Rows {
        private final MemorySegment data;
        private final int inputs;
        private final int[] row;

        Bf16Rows(MemorySegment data, int inputs) {
            this.data = data;
            this.inputs = inputs;
            row = new int[inputs / 2 + inputs % 2];
        }

        @Override
        public int[] read(int output) {
            long from = (long) output * inputs * Short.BYTES;
            MemorySegment.copy(data, WORD, from, row, 0, inputs / 2);
            if (inputs % 2 == 1) {
                row[inputs / 2] = data.get(TensorReader.SHORT, from + (inputs - 1L) * Short.BYTES) & 0xffff;
            }
            return row;
        }
    }

    private static final class FloatRows implements Rows {
        private final TensorReader reader;
        private final float[] values;
        private final int[] row;

        FloatRows(WeightTensor stored, int inputs) {
            reader = TensorReader.of(stored);
            values = new float[inputs];
            row = new int[inputs];
        }

        @Override
        public int[] read(int output) {
            reader.read((long) output * values.length, values.length, values, 0);
            for (int i = 0; i < row.length; i++) {
                row[i] = Float.floatToRawIntBits(values[i]);
            }
            return row;
        }
    }
}
