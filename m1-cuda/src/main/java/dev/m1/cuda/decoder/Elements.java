package dev.m1.cuda.decoder;

import dev.m1.spi.WeightTensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** Reads a checkpoint's elements as floats, wherever they lie. */
final class Elements {
    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT =
            ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private Elements() {}

    /** Elements {@code [from, from + n)} of a tensor, into {@code to} from its beginning. */
    static void read(WeightTensor tensor, long from, int n, float[] to) {
        MemorySegment data = tensor.data();
        switch (tensor.dtype()) {
            case F32 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = data.get(FLOAT, (from + i) * Float.BYTES);
                }
            }
            case F16 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = Float.float16ToFloat(data.get(SHORT, (from + i) * Short.BYTES));
                }
            }
            case BF16 -> {
                for (int i = 0; i < n; i++) {
                    to[i] = Float.intBitsToFloat(data.get(SHORT, (from + i) * Short.BYTES) << 16);
                }
            }
        }
    }

    /** All elements. */
    static float[] read(WeightTensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.elements())];
        read(tensor, 0, values.length, values);
        return values;
    }
}
