package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Loaded device code. */
public final class CudaModule extends Handle {
    private static final int LOG_BYTES = 8192;

    private CudaModule(MemorySegment handle) {
        super(handle, "cuModuleUnload");
    }

    /**
     * Loads device code; PTX is compiled for the device by the driver, which keeps the result in its own cache.
     *
     * @param image PTX text or a cubin
     * @throws CudaException with the compiler's log, if the driver cannot use it
     */
    public static CudaModule load(byte[] image) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment code = arena.allocate(image.length + 1L); // PTX ends in a zero byte
            MemorySegment.copy(image, 0, code, ValueLayout.JAVA_BYTE, 0, image.length);
            MemorySegment log = arena.allocate(LOG_BYTES);
            MemorySegment options = arena.allocateFrom(
                    ValueLayout.JAVA_INT,
                    CudaDriver.CU_JIT_ERROR_LOG_BUFFER(),
                    CudaDriver.CU_JIT_ERROR_LOG_BUFFER_SIZE_BYTES());
            MemorySegment values = arena.allocate(ValueLayout.ADDRESS, 2);
            values.setAtIndex(ValueLayout.ADDRESS, 0, log);
            values.setAtIndex(ValueLayout.JAVA_LONG, 1, LOG_BYTES);
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            int code1 = CudaDriver.cuModuleLoadDataEx(out, code, 2, options, values);
            String said = log.getString(0).strip();
            Cuda.check(code1, said.isEmpty() ? "cuModuleLoadDataEx" : "cuModuleLoadDataEx (" + said + ")");
            return new CudaModule(out.get(ValueLayout.ADDRESS, 0));
        }
    }

    /** A kernel of this module. */
    public CudaKernel kernel(String name) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment symbol = arena.allocateFrom(name);
            return new CudaKernel(
                    name,
                    Cuda.handle(
                            "cuModuleGetFunction(" + name + ")",
                            out -> CudaDriver.cuModuleGetFunction(out, handle(), symbol)));
        }
    }

    @Override
    int destroy(MemorySegment object) {
        return CudaDriver.cuModuleUnload(object);
    }
}
