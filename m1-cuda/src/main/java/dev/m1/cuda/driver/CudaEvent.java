package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CudaDriver;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** A point in a stream that can be waited for, and between two of which time can be taken. */
public final class CudaEvent extends Handle {
    /**
     * @param timing whether {@link #millisecondsSince} will be asked
     */
    public CudaEvent(boolean timing) {
        super(
                Cuda.handle(
                        "cuEventCreate",
                        out -> CudaDriver.cuEventCreate(
                                out,
                                timing ? CudaDriver.CU_EVENT_DEFAULT() : CudaDriver.CU_EVENT_DISABLE_TIMING())),
                "cuEventDestroy_v2");
    }

    /** Marks the stream's present end. */
    public void record(CudaStream stream) {
        Cuda.check(CudaDriver.cuEventRecord(handle(), stream.handle()), "cuEventRecord");
    }

    /** Waits until the work before the mark is done; returns at once if nothing was ever marked. */
    public void synchronize() {
        Cuda.check(CudaDriver.cuEventSynchronize(handle()), "cuEventSynchronize");
    }

    /** Time between two marks that were passed. */
    public float millisecondsSince(CudaEvent start) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_FLOAT);
            Cuda.check(
                    CudaDriver.cuEventElapsedTime_v2(out, start.handle(), handle()), "cuEventElapsedTime_v2");
            return out.get(ValueLayout.JAVA_FLOAT, 0);
        }
    }

    @Override
    int destroy(MemorySegment object) {
        return CudaDriver.cuEventDestroy_v2(object);
    }
}
