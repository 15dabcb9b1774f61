package dev.m1.cpu.kernels;

import dev.m1.spi.Limits.KvType;
import java.lang.foreign.MemorySegment;

/** Single elements of the KV cache, little-endian. */
enum KvElements {
    F32 {
        @Override
        float get(MemorySegment pool, long chunk, int index) {
            return pool.get(TensorReader.FLOAT, chunk + (long) index * Float.BYTES);
        }

        @Override
        void put(MemorySegment pool, long chunk, int index, float value) {
            pool.set(TensorReader.FLOAT, chunk + (long) index * Float.BYTES, value);
        }

        @Override
        void read(MemorySegment pool, long chunk, int n, float[] to, int at) {
            MemorySegment.copy(pool, TensorReader.FLOAT, chunk, to, at, n);
        }
    },
    /**
     * Elements i and i + 8 of every 16 lie side by side: one 32-bit load, a shift and a mask give two vectors in order.
     */
    BF16 {
        @Override
        float get(MemorySegment pool, long chunk, int index) {
            return Bf16.toFloat(pool.get(TensorReader.SHORT, chunk + (long) place(index) * Short.BYTES));
        }

        @Override
        void put(MemorySegment pool, long chunk, int index, float value) {
            pool.set(TensorReader.SHORT, chunk + (long) place(index) * Short.BYTES, Bf16.fromFloat(value));
        }

        private static int place(int index) {
            return index & -16 | (index & 7) << 1 | index >> 3 & 1;
        }
    };

    static KvElements of(KvType type) {
        return switch (type) {
            case F32 -> F32;
            case BF16 -> BF16;
        };
    }

    abstract float get(MemorySegment pool, long chunk, int index);

    abstract void put(MemorySegment pool, long chunk, int index, float value);

    /** Elements {@code [0, n)}. */
    void read(MemorySegment pool, long chunk, int n, float[] to, int at) {
        for (int i = 0; i < n; i++) {
            to[at + i] = get(pool, chunk, i);
        }
    }
}
