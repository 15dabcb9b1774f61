package dev.m1.bench.peers;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The header of a GGUF file, version 3, as ggml's {@code docs/gguf.md} lays it out; little-endian. */
final class GgufOutput {
    /** Every tensor's data begins at a multiple of this. */
    static final int ALIGNMENT = 32;

    private static final int MAGIC = 0x46554747; // "GGUF"
    private static final int VERSION = 3;
    private static final int UINT32 = 4;
    private static final int INT32 = 5;
    private static final int FLOAT32 = 6;
    private static final int STRING = 8;
    private static final int ARRAY = 9;

    private final ByteArrayOutputStream pairs = new ByteArrayOutputStream();
    private final ByteArrayOutputStream tensors = new ByteArrayOutputStream();
    private long pairCount;
    private long tensorCount;
    private long dataBytes;

    GgufOutput put(String key, String value) {
        key(key, STRING);
        text(pairs, value);
        return this;
    }

    GgufOutput put(String key, int value) {
        key(key, UINT32);
        int32(pairs, value);
        return this;
    }

    GgufOutput put(String key, float value) {
        key(key, FLOAT32);
        int32(pairs, Float.floatToRawIntBits(value));
        return this;
    }

    GgufOutput putStrings(String key, List<String> values) {
        array(key, STRING, values.size());
        values.forEach(value -> text(pairs, value));
        return this;
    }

    GgufOutput putInts(String key, List<Integer> values) {
        array(key, INT32, values.size());
        values.forEach(value -> int32(pairs, value));
        return this;
    }

    /**
     * Announces a tensor; data follows the header in the order of these calls.
     *
     * @param shape as here, {@code [out, in]}; the file has the fastest dimension first
     */
    void tensor(String name, List<Integer> shape, int type, long bytes) {
        tensorCount++;
        text(tensors, name);
        int32(tensors, shape.size());
        for (int i = shape.size() - 1; i >= 0; i--) {
            int64(tensors, shape.get(i));
        }
        int32(tensors, type);
        int64(tensors, dataBytes);
        dataBytes += aligned(bytes);
    }

    static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT) * ALIGNMENT;
    }

    /** Everything before the data. */
    byte[] header() {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        int32(all, MAGIC);
        int32(all, VERSION);
        int64(all, tensorCount);
        int64(all, pairCount);
        all.writeBytes(pairs.toByteArray());
        all.writeBytes(tensors.toByteArray());
        all.writeBytes(new byte[(int) (aligned(all.size()) - all.size())]);
        return all.toByteArray();
    }

    private void key(String key, int type) {
        pairCount++;
        text(pairs, key);
        int32(pairs, type);
    }

    private void array(String key, int type, int count) {
        key(key, ARRAY);
        int32(pairs, type);
        int64(pairs, count);
    }

    private static void text(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        int64(out, bytes.length);
        out.writeBytes(bytes);
    }

    private static void int32(ByteArrayOutputStream out, int value) {
        out.writeBytes(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array());
    }

    private static void int64(ByteArrayOutputStream out, long value) {
        out.writeBytes(ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array());
    }
}
