package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CudaDriver;
import java.lang.foreign.MemorySegment;

/** A function of a {@link CudaModule}; valid as long as that is. */
public final class CudaKernel {
    private final String launchCall;
    private final MemorySegment function;

    CudaKernel(String name, MemorySegment function) {
        launchCall = "cuLaunchKernel(" + name + ")";
        this.function = function;
    }

    /** Lets launches ask for more dynamic shared memory than the usual 48 KiB. */
    public void allowSharedBytes(int bytes) {
        Cuda.check(
                CudaDriver.cuFuncSetAttribute(
                        function, CudaDriver.CU_FUNC_ATTRIBUTE_MAX_DYNAMIC_SHARED_SIZE_BYTES(), bytes),
                "cuFuncSetAttribute");
    }

    /**
     * Puts one run of the kernel into a stream.
     *
     * @param gridX blocks in x; also y and z
     * @param threads threads of a block
     * @param sharedBytes dynamic shared memory of a block
     */
    public void launch(
            CudaStream stream,
            int gridX,
            int gridY,
            int gridZ,
            int threads,
            int sharedBytes,
            KernelArguments arguments) {
        Cuda.check(
                CudaDriver.cuLaunchKernel(
                        function,
                        gridX,
                        gridY,
                        gridZ,
                        threads,
                        1,
                        1,
                        sharedBytes,
                        stream.handle(),
                        arguments.pointers(),
                        MemorySegment.NULL),
                launchCall);
    }
}
