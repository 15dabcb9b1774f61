package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CudaDriver;
import java.lang.foreign.MemorySegment;

/** Recorded work that one call launches. Everything it touches must outlive it. */
public final class CudaGraph extends Handle {
    private CudaGraph(MemorySegment executable) {
        super(executable, "cuGraphExecDestroy");
    }

    /** Makes recorded work executable; takes the recording over. */
    static CudaGraph instantiate(MemorySegment graph) {
        try {
            return new CudaGraph(Cuda.handle(
                    "cuGraphInstantiateWithFlags",
                    out -> CudaDriver.cuGraphInstantiateWithFlags(out, graph, 0)));
        } finally {
            Cuda.check(CudaDriver.cuGraphDestroy(graph), "cuGraphDestroy");
        }
    }

    /** Puts the work into a stream. */
    public void launch(CudaStream stream) {
        Cuda.check(CudaDriver.cuGraphLaunch(handle(), stream.handle()), "cuGraphLaunch");
    }

    @Override
    int destroy(MemorySegment object) {
        return CudaDriver.cuGraphExecDestroy(object);
    }
}
