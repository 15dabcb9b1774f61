package dev.m1.bench.peers;

import dev.m1.spi.DType;
import dev.m1.spi.WeightTensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.List;

/**
 * One tensor on its way into a GGUF file. Matrices keep their bits; vectors become float32, which is what llama.cpp
 * wants of norms and biases.
 *
 * @param name in the file
 * @param source the checkpoint's
 * @param heads 0, or the heads whose rows change places: llama.cpp's Llama rotates neighbouring elements, Hugging
 *     Face's rotates halves
 */
record GgufTensor(String name, WeightTensor source, int heads) {
    private static final int CHUNK = 1 << 28; // bytes; a ByteBuffer holds less than 2^31

    private boolean vector() {
        return source.shape().size() == 1;
    }

    int type() {
        if (vector() || source.dtype() == DType.F32) {
            return 0;
        }
        return source.dtype() == DType.F16 ? 1 : 30; // GGML_TYPE_F16, GGML_TYPE_BF16
    }

    long bytes() {
        return vector() ? Float.BYTES * source.elements() : source.data().byteSize();
    }

    List<Integer> shape() {
        return source.shape();
    }

    void write(FileChannel channel) throws IOException {
        if (vector()) {
            drain(channel, floats());
        } else if (heads == 0) {
            copy(channel, source.data());
        } else {
            copyPaired(channel);
        }
        drain(channel, ByteBuffer.allocate((int) (GgufOutput.aligned(bytes()) - bytes())));
    }

    private ByteBuffer floats() {
        ByteBuffer out = ByteBuffer.allocate((int) bytes()).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < source.elements(); i++) {
            out.putFloat(
                    switch (source.dtype()) {
                        case F32 -> source.data().get(ValueLayout.JAVA_FLOAT_UNALIGNED, 4L * i);
                        case F16 -> Float.float16ToFloat(source.data().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i));
                        case BF16 ->
                            Float.intBitsToFloat(source.data().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2L * i) << 16);
                    });
        }
        return out.flip();
    }

    /** Row i of a head's first half, then row i of its second half. */
    private void copyPaired(FileChannel channel) throws IOException {
        int rows = source.shape().get(0);
        int headRows = rows / heads;
        long rowBytes = source.data().byteSize() / rows;
        for (int row = 0; row < rows; row++) {
            int inHead = row % headRows;
            int from = row - inHead + inHead % 2 * (headRows / 2) + inHead / 2;
            copy(channel, source.data().asSlice(from * rowBytes, rowBytes));
        }
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
