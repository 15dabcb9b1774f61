package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;

/** What the objects of this package share: the check of a return code, and handles. */
final class Cuda {
    /** After one of these the context is lost; {@code cuda.h} says so at each of them. */
    private static final Set<Integer> STICKY = Set.of(
            CudaDriver.CUDA_ERROR_DEINITIALIZED(),
            CudaDriver.CUDA_ERROR_DEVICE_UNAVAILABLE(),
            CudaDriver.CUDA_ERROR_ECC_UNCORRECTABLE(),
            CudaDriver.CUDA_ERROR_CONTAINED(),
            CudaDriver.CUDA_ERROR_ILLEGAL_ADDRESS(),
            CudaDriver.CUDA_ERROR_LAUNCH_TIMEOUT(),
            CudaDriver.CUDA_ERROR_CONTEXT_IS_DESTROYED(),
            CudaDriver.CUDA_ERROR_ASSERT(),
            CudaDriver.CUDA_ERROR_HARDWARE_STACK_ERROR(),
            CudaDriver.CUDA_ERROR_ILLEGAL_INSTRUCTION(),
            CudaDriver.CUDA_ERROR_MISALIGNED_ADDRESS(),
            CudaDriver.CUDA_ERROR_INVALID_ADDRESS_SPACE(),
            CudaDriver.CUDA_ERROR_INVALID_PC(),
            CudaDriver.CUDA_ERROR_LAUNCH_FAILED(),
            CudaDriver.CUDA_ERROR_EXTERNAL_DEVICE(),
            CudaDriver.CUDA_ERROR_TENSOR_MEMORY_LEAK(),
            CudaDriver.CUDA_ERROR_UNKNOWN());

    private Cuda() {}

    /**
     * Does nothing if a call succeeded.
     *
     * @throws CudaException with the call's name otherwise
     */
    static void check(int code, String call) {
        if (code != CudaDriver.CUDA_SUCCESS()) {
            throw failure(code, call);
        }
    }

    private static CudaException failure(int code, String call) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            String name = CudaDriver.cuGetErrorName(code, out) == 0 ? string(out) : "CUDA error";
            String text = CudaDriver.cuGetErrorString(code, out) == 0 ? string(out) : "unknown to this driver";
            return new CudaException(call, code, name, text, STICKY.contains(code));
        }
    }

    private static String string(MemorySegment pointer) {
        MemorySegment text = pointer.get(ValueLayout.ADDRESS, 0);
        return text.address() == 0 ? "" : text.reinterpret(Long.MAX_VALUE).getString(0);
    }

    /** A call that stores a handle through its only free parameter. */
    @FunctionalInterface
    interface Maker {
        int make(MemorySegment out);
    }

    /** Makes an object and returns its handle. */
    static MemorySegment handle(String call, Maker maker) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            check(maker.make(out), call);
            return out.get(ValueLayout.ADDRESS, 0);
        }
    }

    /** Asks for an int. */
    static int intOf(String call, Maker maker) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
            check(maker.make(out), call);
            return out.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /** Asks for a 64-bit number. */
    static long longOf(String call, Maker maker) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_LONG);
            check(maker.make(out), call);
            return out.get(ValueLayout.JAVA_LONG, 0);
        }
    }
}
