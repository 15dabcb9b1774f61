package dev.m1.cuda.emulator;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Element types of weights and of the KV cache, as kernels' names spell them. */
enum Element {
    F32(4) {
        @Override
        float rounded(float x) {
            return x;
        }

        @Override
        void put(MemorySegment s, long i, float x) {
            s.setAtIndex(ValueLayout.JAVA_FLOAT, i, x);
        }

        @Override
        float get(MemorySegment s, long i) {
            return s.getAtIndex(ValueLayout.JAVA_FLOAT, i);
        }
    },
    F16(2) {
        @Override
        float rounded(float x) {
            return Float.float16ToFloat(Float.floatToFloat16(x));
        }

        @Override
        void put(MemorySegment s, long i, float x) {
            s.setAtIndex(ValueLayout.JAVA_SHORT, i, Float.floatToFloat16(x));
        }

        @Override
        float get(MemorySegment s, long i) {
            return Float.float16ToFloat(s.getAtIndex(ValueLayout.JAVA_SHORT, i));
        }
    },
    BF16(2) {
        @Override
        float rounded(float x) {
            int bits = Float.floatToRawIntBits(x);
            return Float.intBitsToFloat(bits + 0x7fff + (bits >>> 16 & 1) & 0xffff0000);
        }

        @Override
        void put(MemorySegment s, long i, float x) {
            s.setAtIndex(ValueLayout.JAVA_SHORT, i, (short) (Float.floatToRawIntBits(rounded(x)) >>> 16));
        }

        @Override
        float get(MemorySegment s, long i) {
            return Float.intBitsToFloat(s.getAtIndex(ValueLayout.JAVA_SHORT, i) << 16);
        }
    };

    final int bytes;

    Element(int bytes) {
        this.bytes = bytes;
    }

    /** To nearest, ties to even; for finite values. */
    abstract float rounded(float x);

    abstract void put(MemorySegment s, long i, float x);

    abstract float get(MemorySegment s, long i);

    MemorySegment buffer(Gpu gpu, float[] values) {
        MemorySegment s = gpu.allocate((long) bytes * values.length);
        for (int i = 0; i < values.length; i++) {
            put(s, i, values[i]);
        }
        return s;
    }

    String suffix() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }
}
