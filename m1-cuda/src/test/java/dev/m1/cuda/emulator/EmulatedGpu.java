package dev.m1.cuda.emulator;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.m1.cuda.bindings.CUlaunchAttributeValue_union;
import dev.m1.cuda.bindings.CUlaunchAttribute_st;
import dev.m1.cuda.bindings.CUlaunchConfig_st;
import dev.m1.cuda.bindings.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The emulated driver, without m1's own host code in between. Device memory is memory of this process. */
public final class EmulatedGpu implements Gpu {
    /** Order of a block's threads, and of blocks. */
    public enum Schedule {
        FORWARD,
        REVERSE,
        RANDOM
    }

    private static final int NAMED_PARAMETERS = 11; // of cuLaunchKernel

    private final Arena arena = Arena.ofConfined();
    private final Map<String, MethodHandle> calls = new HashMap<>();
    private final Map<String, MemorySegment> functions = new HashMap<>();
    private final List<Long> allocations = new ArrayList<>();
    private final SymbolLookup library;
    private final MemorySegment module;

    /**
     * @param ptx text of a module with the kernels' signatures
     */
    public EmulatedGpu(Emulator emulator, String ptx, Schedule schedule, int seed) {
        library = SymbolLookup.libraryLookup(emulator.driver(), arena);
        control("m1emu_set_schedule", schedule.ordinal(), seed);
        call("cuInit", 0);
        MemorySegment pointer = arena.allocate(ADDRESS);
        call("cuDevicePrimaryCtxRetain", pointer, 0);
        call("cuCtxSetCurrent", pointer.get(ADDRESS, 0));
        call("cuModuleLoadData", pointer, arena.allocateFrom(ptx));
        module = pointer.get(ADDRESS, 0);
    }

    @Override
    public MemorySegment allocate(long bytes) {
        MemorySegment pointer = arena.allocate(JAVA_LONG);
        call("cuMemAlloc_v2", pointer, bytes);
        long address = pointer.get(JAVA_LONG, 0);
        allocations.add(address);
        return MemorySegment.ofAddress(address).reinterpret(bytes);
    }

    @Override
    public void launch(String kernel, int gridX, int gridY, int block, int dynamicBytes, Object... arguments) {
        enqueue(kernel, gridX, gridY, block, dynamicBytes, arguments);
        call("cuCtxSynchronize");
    }

    /** Two launches, of which the second may begin before the first has ended; waits for both. */
    void launchDependent(Runnable first, String kernel, int gridX, int block, Object... arguments) {
        control("m1emu_set_capability", 90);
        try (Arena local = Arena.ofConfined()) {
            first.run();
            MemorySegment attribute = CUlaunchAttribute_st.allocate(local);
            CUlaunchAttribute_st.id(attribute, CudaDriver.CU_LAUNCH_ATTRIBUTE_PROGRAMMATIC_STREAM_SERIALIZATION());
            CUlaunchAttributeValue_union.programmaticStreamSerializationAllowed(
                    CUlaunchAttribute_st.value(attribute), 1);
            MemorySegment config = CUlaunchConfig_st.allocate(local);
            CUlaunchConfig_st.gridDimX(config, gridX);
            CUlaunchConfig_st.gridDimY(config, 1);
            CUlaunchConfig_st.gridDimZ(config, 1);
            CUlaunchConfig_st.blockDimX(config, block);
            CUlaunchConfig_st.blockDimY(config, 1);
            CUlaunchConfig_st.blockDimZ(config, 1);
            CUlaunchConfig_st.attrs(config, attribute);
            CUlaunchConfig_st.numAttrs(config, 1);
            call("cuLaunchKernelEx", config, function(kernel), parameters(local, arguments), MemorySegment.NULL);
            call("cuCtxSynchronize");
        } finally {
            control("m1emu_set_capability", 80);
        }
    }

    /** A fill that nobody waits for. */
    void zero(MemorySegment memory) {
        call("cuMemsetD32Async", memory.address(), 0, memory.byteSize() / Integer.BYTES, MemorySegment.NULL);
    }

    /** A launch that nobody waits for. */
    void enqueue(String kernel, int gridX, int gridY, int block, int dynamicBytes, Object... arguments) {
        MemorySegment function = functions.computeIfAbsent(kernel, this::function);
        if (dynamicBytes > 48 * 1024) {
            call("cuFuncSetAttribute", function, 8, dynamicBytes); // MAX_DYNAMIC_SHARED_SIZE_BYTES
        }
        try (Arena local = Arena.ofConfined()) {
            Object[] all = {function, gridX, gridY, 1, block, 1, 1, dynamicBytes, MemorySegment.NULL,
                parameters(local, arguments), MemorySegment.NULL};
            assert all.length == NAMED_PARAMETERS;
            call("cuLaunchKernel", all);
        }
    }

    private static MemorySegment parameters(Arena arena, Object[] arguments) {
        MemorySegment parameters = arena.allocate(ADDRESS, arguments.length);
        for (int i = 0; i < arguments.length; i++) {
            parameters.setAtIndex(ADDRESS, i, parameter(arena, arguments[i]));
        }
        return parameters;
    }

    private static MemorySegment parameter(Arena arena, Object value) {
        return switch (value) {
            case Integer i -> arena.allocateFrom(JAVA_INT, i);
            case Long l -> arena.allocateFrom(JAVA_LONG, l);
            case Float f -> arena.allocateFrom(JAVA_FLOAT, f);
            case MemorySegment s -> arena.allocateFrom(JAVA_LONG, s.address());
            case byte[] struct -> arena.allocate(struct.length, Long.BYTES).copyFrom(MemorySegment.ofArray(struct));
            default -> throw new IllegalArgumentException("a kernel takes no " + value.getClass());
        };
    }

    private MemorySegment function(String name) {
        MemorySegment pointer = arena.allocate(ADDRESS);
        call("cuModuleGetFunction", pointer, module, arena.allocateFrom(name));
        return pointer.get(ADDRESS, 0);
    }

    private void call(String name, Object... arguments) {
        int code = (int) invoke(name, JAVA_INT, arguments);
        if (code != 0) {
            MemorySegment message = (MemorySegment) invoke("m1emu_last_message", ADDRESS);
            String text = message.reinterpret(Long.MAX_VALUE).getString(0);
            control("m1emu_clear_error");
            throw new IllegalStateException(name + ": " + code + ", " + text);
        }
    }

    private void control(String name, Object... arguments) {
        invoke(name, null, arguments);
    }

    private Object invoke(String name, MemoryLayout result, Object... arguments) {
        MemoryLayout[] layouts = new MemoryLayout[arguments.length];
        for (int i = 0; i < layouts.length; i++) {
            layouts[i] = switch (arguments[i]) {
                case Integer ignored -> JAVA_INT;
                case Long ignored -> JAVA_LONG;
                default -> ADDRESS;
            };
        }
        MethodHandle handle = calls.computeIfAbsent(name, n -> Linker.nativeLinker().downcallHandle(
                library.find(n).orElseThrow(),
                result == null ? FunctionDescriptor.ofVoid(layouts) : FunctionDescriptor.of(result, layouts)));
        try {
            return handle.invokeWithArguments(arguments);
        } catch (Throwable t) {
            throw new IllegalStateException(name, t);
        }
    }

    @Override
    public void close() {
        allocations.forEach(a -> call("cuMemFree_v2", a));
        call("cuModuleUnload", module);
        call("cuCtxSetCurrent", MemorySegment.NULL);
        call("cuDevicePrimaryCtxRelease_v2", 0);
        control("m1emu_set_schedule", 0, 1);
        arena.close();
    }
}
