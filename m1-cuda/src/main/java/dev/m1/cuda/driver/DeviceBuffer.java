package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CudaDriver;
import java.lang.foreign.MemorySegment;

/** Device memory, aligned to at least 256 bytes. Fresh memory holds anything. */
public final class DeviceBuffer extends Handle {
    private final long bytes;

    /**
     * @param bytes its size, above 0
     */
    public DeviceBuffer(long bytes) {
        super(
                MemorySegment.ofAddress(
                        Cuda.longOf("cuMemAlloc_v2", out -> CudaDriver.cuMemAlloc_v2(out, bytes))),
                "cuMemFree_v2");
        this.bytes = bytes;
    }

    /** Its address on the device. */
    public long address() {
        return handle().address();
    }

    public long bytes() {
        return bytes;
    }

    @Override
    int destroy(MemorySegment object) {
        return CudaDriver.cuMemFree_v2(object.address());
    }
}
