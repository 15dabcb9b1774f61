package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CudaDriver;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/** An order of work on the device. */
public final class CudaStream extends Handle {
    public CudaStream() {
        super(
                Cuda.handle(
                        "cuStreamCreate",
                        out -> CudaDriver.cuStreamCreate(out, CudaDriver.CU_STREAM_NON_BLOCKING())),
                "cuStreamDestroy_v2");
    }

    /** Waits until everything in the stream is done; errors of earlier work show here. */
    public void synchronize() {
        Cuda.check(CudaDriver.cuStreamSynchronize(handle()), "cuStreamSynchronize");
    }

    /** Host to device. From pinned memory it runs by itself; the segment must stay until then. */
    public void upload(MemorySegment from, long to, long bytes) {
        Cuda.check(CudaDriver.cuMemcpyHtoDAsync_v2(to, from, bytes, handle()), "cuMemcpyHtoDAsync_v2");
    }

    /** Device to host. */
    public void download(long from, MemorySegment to, long bytes) {
        Cuda.check(CudaDriver.cuMemcpyDtoHAsync_v2(to, from, bytes, handle()), "cuMemcpyDtoHAsync_v2");
    }

    /** Device to device; the two must not overlap. */
    public void copy(long from, long to, long bytes) {
        Cuda.check(CudaDriver.cuMemcpyDtoDAsync_v2(to, from, bytes, handle()), "cuMemcpyDtoDAsync_v2");
    }

    /** Fills device memory with zeros. */
    public void zero(long at, long bytes) {
        Cuda.check(CudaDriver.cuMemsetD8Async(at, (byte) 0, bytes, handle()), "cuMemsetD8Async");
    }

    /** Records what {@code work} puts into this stream, without running it, as a graph that can be launched. */
    public CudaGraph capture(Consumer<CudaStream> work) {
        Cuda.check(
                CudaDriver.cuStreamBeginCapture_v2(handle(), CudaDriver.CU_STREAM_CAPTURE_MODE_THREAD_LOCAL()),
                "cuStreamBeginCapture_v2");
        MemorySegment graph;
        try {
            work.accept(this);
            graph = endCapture();
        } catch (Throwable t) {
            abandonCapture(t);
            throw t;
        }
        return CudaGraph.instantiate(graph);
    }

    private MemorySegment endCapture() {
        return Cuda.handle("cuStreamEndCapture", out -> CudaDriver.cuStreamEndCapture(handle(), out));
    }

    private void abandonCapture(Throwable cause) {
        try {
            MemorySegment graph = endCapture();
            if (graph.address() != 0) {
                Cuda.check(CudaDriver.cuGraphDestroy(graph), "cuGraphDestroy");
            }
        } catch (CudaException e) {
            cause.addSuppressed(e);
        }
    }

    @Override
    int destroy(MemorySegment object) {
        return CudaDriver.cuStreamDestroy_v2(object);
    }
}
