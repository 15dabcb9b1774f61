package dev.m1.cuda.gpu;

import dev.m1.cuda.driver.CudaScope;
import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.DeviceBuffer;
import dev.m1.cuda.driver.PinnedBuffer;
import java.lang.foreign.ValueLayout;
import java.util.SplittableRandom;

/** Device memory of numbers around 0, as bfloat16 and as float: zeros would draw less power than weights do. */
final class RandomMemory {
    private static final int FILL = 1 << 20; // elements that are drawn; the rest repeats them

    private RandomMemory() {}

    /** Memory that belongs to the scope, of numbers up to {@code largest}. */
    static DeviceBuffer filled(CudaScope scope, CudaStream stream, long bytes, double largest) {
        DeviceBuffer buffer = scope.own(new DeviceBuffer(bytes));
        try (PinnedBuffer pattern = new PinnedBuffer(2L * FILL)) {
            SplittableRandom random = new SplittableRandom(23);
            for (int i = 0; i < FILL; i++) {
                int bits = Float.floatToRawIntBits((float) ((2 * random.nextDouble() - 1) * largest));
                pattern.memory().setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (bits >>> 16));
            }
            for (long at = 0; at < bytes; at += 2L * FILL) {
                stream.upload(pattern.memory(), buffer.address() + at, Math.min(2L * FILL, bytes - at));
            }
            stream.synchronize();
        }
        return buffer;
    }
}
