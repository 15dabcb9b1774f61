package dev.m1.cpu.kernels;

import dev.m1.spi.DType;
import dev.m1.spi.WeightTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Weights as they are stored, in panels: of bfloat16 two rows share a word of 32 bits, one of a panel's first half in
 * its lower half and the same one of the second half above it; all others become floats. No value changes.
 */
public final class PackedMatrix extends PanelMatrix {
    static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long ALIGNMENT = 64; // a cache line

    final MemorySegment words; // 32 bits [panels, blocks * 32, width / perWord]
    private final int perWord; // rows of a word

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
        return ((long) panel * blocks * BLOCK + input) * (width / perWord) * Integer.BYTES;
    }

    /** Copies the rows of panels {@code [begin, end)}. */
    public void copy(WeightTensor stored, int begin, int end) {
        Rows rows = perWord == 2 ? new Bf16Rows(stored.data(), inputs) : new FloatRows(stored, inputs);
        int[] panel = new int[Math.multiplyExact(blocks * BLOCK, width / perWord)]; // [inputs, width / perWord]
        for (int p = begin; p < end; p++) {
            Arrays.fill(panel, 0);
            for (int r = 0; r < Math.min(width, outputs - p * width); r++) {
                rows.add(p * width + r, panel, r, width);
            }
            MemorySegment.copy(panel, 0, words, WORD, words(p, 0), panel.length);
        }
    }

    /** Stored rows, turned into words. */
    private interface Rows {
        /** Puts an output's weights to where row {@code r} of a panel of zeros belongs. */
        void add(int output, int[] panel, int r, int width);
    }

    private static final class Bf16Rows implements Rows {
        private final MemorySegment data;
        private final short[] row;

        Bf16Rows(MemorySegment data, int inputs) {
            this.data = data;
            row = new short[inputs];
        }

        @Override
        public void add(int output, int[] panel, int r, int width) {
            MemorySegment.copy(data, TensorReader.SHORT, (long) output * row.length * Short.BYTES, row, 0, row.length);
            int half = width / 2;
            int shift = r < half ? 0 : Short.SIZE;
            for (int i = 0, at = r % half; i < row.length; i++, at += half) {
                panel[at] |= (row[i] & 0xffff) << shift;
            }
        }
    }

    private static final class FloatRows implements Rows {
        private final TensorReader reader;
        private final float[] row;

        FloatRows(WeightTensor stored, int inputs) {
            reader = TensorReader.of(stored);
            row = new float[inputs];
        }

        @Override
        public void add(int output, int[] panel, int r, int width) {
            reader.read((long) output * row.length, row.length, row, 0);
            for (int i = 0; i < row.length; i++) {
                panel[i * width + r] = Float.floatToRawIntBits(row[i]);
            }
        }
    }
}
