package dev.m1.cuda.driver;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** An object of cuBLASLt, most of which are described by attributes. */
abstract class CublasObject extends Handle {
    CublasObject(MemorySegment handle, String destroyCall) {
        super(handle, destroyCall);
    }

    /** A call that sets an attribute from memory. */
    @FunctionalInterface
    interface Setter {
        int set(MemorySegment object, int attribute, MemorySegment value, long bytes);
    }

    @Override
    final void check(int status, String call) {
        Cublas.check(status, call);
    }

    /** Sets an attribute of 32 bits. */
    final void setInt(String call, Setter setter, int attribute, int value) {
        try (Arena arena = Arena.ofConfined()) {
            check(setter.set(handle(), attribute, arena.allocateFrom(ValueLayout.JAVA_INT, value), 4), call);
        }
    }

    /** Sets an attribute of 64 bits. */
    final void setLong(String call, Setter setter, int attribute, long value) {
        try (Arena arena = Arena.ofConfined()) {
            check(setter.set(handle(), attribute, arena.allocateFrom(ValueLayout.JAVA_LONG, value), 8), call);
        }
    }
}
