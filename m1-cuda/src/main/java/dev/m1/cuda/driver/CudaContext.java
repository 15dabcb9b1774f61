package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A device's primary context, shared with whatever else in this process uses the device. */
public final class CudaContext extends Handle {
    private final CudaDevice device;

    private CudaContext(CudaDevice device, MemorySegment handle) {
        super(handle, "cuDevicePrimaryCtxRelease_v2");
        this.device = device;
    }

    /** Retains the context and makes it the calling thread's. */
    public static CudaContext retain(CudaDevice device) {
        MemorySegment handle = Cuda.handle(
                "cuDevicePrimaryCtxRetain", out -> CudaDriver.cuDevicePrimaryCtxRetain(out, device.id()));
        CudaContext context = new CudaContext(device, handle);
        try {
            context.use();
        } catch (Throwable t) {
            context.close();
            throw t;
        }
        return context;
    }

    /** Makes it the calling thread's context; nanoseconds when it already is. */
    public void use() {
        Cuda.check(CudaDriver.cuCtxSetCurrent(handle()), "cuCtxSetCurrent");
    }

    public CudaDevice device() {
        return device;
    }

    /** Bytes of device memory nobody uses. */
    public long freeBytes() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment free = arena.allocate(ValueLayout.JAVA_LONG);
            MemorySegment total = arena.allocate(ValueLayout.JAVA_LONG);
            Cuda.check(CudaDriver.cuMemGetInfo_v2(free, total), "cuMemGetInfo_v2");
            return free.get(ValueLayout.JAVA_LONG, 0);
        }
    }

    @Override
    int destroy(MemorySegment object) {
        return CudaDriver.cuDevicePrimaryCtxRelease_v2(device.id());
    }
}
