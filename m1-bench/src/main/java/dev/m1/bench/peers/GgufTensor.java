package dev.m1.bench.peers;

import dev.m1.spi.WeightTensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.List;

/**
 * One tensor on its way into a GGUF file. Matrices keep their bits or are rounded; vectors become float32, which is
 * what llama.cpp wants of norms and biases.
 *
 * @param name in the file
 * @param source the checkpoint's
 * @param heads 0, or the heads whose rows change places: llama.cpp's Llama rotates neighbouring elements, Hugging
 *     Face's rotates halves
 * @param quant how a matrix is rounded; null if it keeps its bits
 */
record GgufTensor(String name, WeightTensor source, int heads, GgufQuant quant) {
    private static final int CHUNK = 1 << 28; // bytes; a ByteBuffer holds less than 2^31

    private boolean vector() {
        return source.shape().size() == 1;
    }

    int type() {
        if (vector()) {
            return 0; // GGML_TYPE_F32
        }
        if (quant != null) {
            return quant.tensorType();
        }
        return switch (source.dtype()) {
            case F32 -> 0;
            case F16 -> 1;
            case BF16 -> 30;
        };
    }

    long bytes() {
        if (vector()) {
            return Float.BYTES * source.elements();
        }
        return quant == null ? source.data().byteSize() : rows() * quant.bytes(columns());
    }

    List<Integer> shape() {
        return source.shape();
    }

    private int rows() {
        return source.shape().get(0);
    }

    private int columns() {
        return source.shape().get(1);
    }

    void write(FileChannel channel) throws IOException {
        if (vector()) {
            drain(channel, floats());
        } else if (quant != null) {
            writeRounded(channel);
        } else if (heads == 0) {
            copy(channel, source.data());
        } else {
            for (int row = 0; row < rows(); row++) {
                copy(channel, stored(row));
            }
        }
        drain(channel, ByteBuffer.allocate((int) (GgufOutput.aligned(bytes()) - bytes())));
    }

    private ByteBuffer floats() {
        ByteBuffer out = ByteBuffer.allocate((int) bytes()).order(ByteOrder.LITTLE_ENDIAN);
        float[] values = new float[(int) source.elements()];
        decode(source.data(), values);
        out.asFloatBuffer().put(values);
        return out;
    }

    private void writeRounded(FileChannel channel) throws IOException {
        float[] values = new float[columns()];
        ByteBuffer out = ByteBuffer.allocate((int) quant.bytes(columns())).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < rows(); row++) {
            decode(stored(row), values);
            out.clear();
            for (int from = 0; from < values.length; from += GgufQuant.BLOCK) {
                quant.encode(values, from, out);
            }
            drain(channel, out.flip());
        }
    }

    private void decode(MemorySegment from, float[] values) {
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (source.dtype()) {
                case F32 -> from.get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i);
                case F16 -> Float.float16ToFloat(from.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i));
                case BF16 -> Float.intBitsToFloat(from.get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i) << 16);
            };
        }
    }

    /** The file's row of this number; of paired heads, row i of the first half, then row i of the second. */
    private MemorySegment stored(int row) {
        int from = row;
        if (heads > 0) {
            int headRows = rows() / heads;
            int inHead = row % headRows;
            from = row - inHead + inHead % 2 * (headRows / 2) + inHead / 2;
        }
        long rowBytes = source.data().byteSize() / rows();
        return source.data().asSlice(from * rowBytes, rowBytes);
    }

    private static void copy(FileChannel channel, MemorySegment data) throws IOException {
        for (long i = 0; i < data.byteSize(); i += CHUNK) {
            drain(channel, data.asSlice(i, Math.min(CHUNK, data.byteSize() - i)).asByteBuffer());
        }
    }

    private static void drain(FileChannel channel, ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }
}
