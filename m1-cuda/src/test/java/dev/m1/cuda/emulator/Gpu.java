package dev.m1.cuda.emulator;

import java.lang.foreign.MemorySegment;

/** Something that runs m1's kernels on memory that a test can look into. Used by one thread. */
public interface Gpu extends AutoCloseable {
    /** Device memory, not initialised (filled with a pattern), 256-byte aligned; freed by {@link #close}. */
    MemorySegment allocate(long bytes);

    /**
     * Runs a kernel and waits for it.
     *
     * @param arguments {@code Integer}, {@code Long}, {@code Float}, a {@code MemorySegment} for a pointer, or {@code
     *     byte[]} for a struct
     * @throws IllegalStateException saying what the kernel did wrong
     */
    void launch(String kernel, int gridX, int gridY, int block, int dynamicBytes, Object... arguments);

    @Override
    void close();
}
