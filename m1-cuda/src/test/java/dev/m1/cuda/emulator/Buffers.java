package dev.m1.cuda.emulator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.Random;

/** Test data in device memory. */
final class Buffers {
    private Buffers() {}

    static MemorySegment floats(Gpu gpu, float... values) {
        MemorySegment s = gpu.allocate(4L * Math.max(1, values.length));
        MemorySegment.copy(values, 0, s, ValueLayout.JAVA_FLOAT, 0, values.length);
        return s;
    }

    static MemorySegment ints(Gpu gpu, int... values) {
        MemorySegment s = gpu.allocate(4L * Math.max(1, values.length));
        MemorySegment.copy(values, 0, s, ValueLayout.JAVA_INT, 0, values.length);
        return s;
    }

    static float[] floats(MemorySegment s, int n) {
        float[] values = new float[n];
        MemorySegment.copy(s, ValueLayout.JAVA_FLOAT, 0, values, 0, n);
        return values;
    }

    static int[] ints(MemorySegment s, int n) {
        int[] values = new int[n];
        MemorySegment.copy(s, ValueLayout.JAVA_INT, 0, values, 0, n);
        return values;
    }

    static float[] random(Random random, int n, double scale) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return values;
    }

    /** Rows of {@code width} laid out with a stride; NaN in between, which a kernel must not read. */
    static float[] strided(float[] rows, int width, int stride) {
        float[] values = new float[rows.length / width * stride];
        Arrays.fill(values, Float.NaN);
        for (int r = 0; r < rows.length / width; r++) {
            System.arraycopy(rows, r * width, values, r * stride, width);
        }
        return values;
    }

    /** Rounded up to a multiple of 8. */
    static int padded(int n) {
        return (n + 7) / 8 * 8;
    }
}
