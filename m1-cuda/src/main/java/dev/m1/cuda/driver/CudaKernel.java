package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CUlaunchAttributeValue_union;
import dev.m1.cuda.bindings.CUlaunchAttribute_st;
import dev.m1.cuda.bindings.CUlaunchConfig_st;
import dev.m1.cuda.bindings.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/** A function of a {@link CudaModule}; valid as long as that is. */
public final class CudaKernel {
    private final String name;
    private final MemorySegment function;
    private final boolean dependent;
    private final String call; // as errors name a launch

    CudaKernel(String name, MemorySegment function) {
        this(name, function, false);
    }

    private CudaKernel(String name, MemorySegment function, boolean dependent) {
        this.name = name;
        this.function = function;
        this.dependent = dependent;
        call = (dependent ? "cuLaunchKernelEx(" : "cuLaunchKernel(") + name + ")";
    }

    /**
     * The same kernel, whose launches may begin while the kernel before them still runs, as far as that lets them, and
     * wait for it themselves. Only for launches directly behind another kernel's, on a device of compute capability 9.0
     * or newer, of kernels that do wait.
     */
    public CudaKernel dependent() {
        return new CudaKernel(name, function, true);
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
        if (dependent) {
            launchDependent(stream, gridX, gridY, gridZ, threads, sharedBytes, arguments);
            return;
        }
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
                call);
    }

    private void launchDependent(
            CudaStream stream,
            int gridX,
            int gridY,
            int gridZ,
            int threads,
            int sharedBytes,
            KernelArguments arguments) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment attribute = CUlaunchAttribute_st.allocate(arena);
            CUlaunchAttribute_st.id(attribute, CudaDriver.CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION());
            CUlaunchAttributeValue_union.programmaticStreamSerializationAllowed(
                    CUlaunchAttribute_st.value(attribute), 1);
            MemorySegment config = CUlaunchConfig_st.allocate(arena);
            CUlaunchConfig_st.gridDimX(config, gridX);
            CUlaunchConfig_st.gridDimY(config, gridY);
            CUlaunchConfig_st.gridDimZ(config, gridZ);
            CUlaunchConfig_st.blockDimX(config, threads);
            CUlaunchConfig_st.blockDimY(config, 1);
            CUlaunchConfig_st.blockDimZ(config, 1);
            CUlaunchConfig_st.sharedMemBytes(config, sharedBytes);
            CUlaunchConfig_st.hStream(config, stream.handle());
            CUlaunchConfig_st.attrs(config, attribute);
            CUlaunchConfig_st.numAttrs(config, 1);
            Cuda.check(
                    CudaDriver.cuLaunchKernelEx(config, function, arguments.pointers(), MemorySegment.NULL), call);
        }
    }
}
