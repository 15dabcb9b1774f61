package dev.m1.cuda.driver;

import java.lang.foreign.MemorySegment;

/** An object of a native library that is destroyed once. */
abstract class Handle implements AutoCloseable {
    private final String destroyCall;
    private MemorySegment handle;

    Handle(MemorySegment handle, String destroyCall) {
        this.handle = handle;
        this.destroyCall = destroyCall;
    }

    /**
     * The library's handle.
     *
     * @throws IllegalStateException if it was destroyed
     */
    final MemorySegment handle() {
        if (handle == null) {
            throw new IllegalStateException(getClass().getSimpleName() + " is closed");
        }
        return handle;
    }

    /** Destroys the object; returns the library's code. */
    abstract int destroy(MemorySegment object);

    /** Does nothing if a call succeeded, throws otherwise. */
    void check(int code, String call) {
        Cuda.check(code, call);
    }

    /** Destroys it. Closing twice is fine. */
    @Override
    public final void close() {
        if (handle != null) {
            MemorySegment object = handle;
            handle = null;
            check(destroy(object), destroyCall);
        }
    }
}
