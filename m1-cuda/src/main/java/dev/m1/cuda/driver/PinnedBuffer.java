package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CudaDriver;
import java.lang.foreign.MemorySegment;

/** Page-locked host memory, which the device copies from and to by itself. */
public final class PinnedBuffer extends Handle {
    private final MemorySegment memory;

    /**
     * @param bytes its size, above 0
     */
    public PinnedBuffer(long bytes) {
        super(Cuda.handle("cuMemHostAlloc", out -> CudaDriver.cuMemHostAlloc(out, bytes, 0)), "cuMemFreeHost");
        memory = handle().reinterpret(bytes);
    }

    /**
     * The memory; whoever uses it must not after this buffer was closed.
     *
     * @throws IllegalStateException if it was
     */
    public MemorySegment memory() {
        handle();
        return memory;
    }

    @Override
    int destroy(MemorySegment object) {
        return CudaDriver.cuMemFreeHost(object);
    }
}
