package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CublasLt;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Set;

/** What the cuBLASLt objects of this package share: the check of a status, and handles. */
final class Cublas {
    /**
     * What {@code cublas_api.h} and the manual say of failures on the device: whether the context survived one cannot
     * be known, so it counts as lost.
     */
    private static final Set<Integer> STICKY = Set.of(
            CublasLt.CUBLAS_STATUS_MAPPING_ERROR(),
            CublasLt.CUBLAS_STATUS_EXECUTION_FAILED(),
            CublasLt.CUBLAS_STATUS_INTERNAL_ERROR());

    private Cublas() {}

    /**
     * Does nothing if a call succeeded.
     *
     * @throws CudaException with the call's name otherwise
     */
    static void check(int status, String call) {
        if (status != CublasLt.CUBLAS_STATUS_SUCCESS()) {
            throw new CudaException(
                    call,
                    status,
                    text(CublasLt.cublasLtGetStatusName(status)),
                    text(CublasLt.cublasLtGetStatusString(status)),
                    STICKY.contains(status));
        }
    }

    private static String text(MemorySegment pointer) {
        return pointer.address() == 0 ? "" : pointer.reinterpret(Long.MAX_VALUE).getString(0);
    }

    /** Makes an object and returns its handle. */
    static MemorySegment handle(String call, Cuda.Maker maker) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.ADDRESS);
            check(maker.make(out), call);
            return out.get(ValueLayout.ADDRESS, 0);
        }
    }
}
