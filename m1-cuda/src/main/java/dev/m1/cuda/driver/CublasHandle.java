package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CublasLt;
import java.lang.foreign.MemorySegment;

/** cuBLASLt in the calling thread's context. */
public final class CublasHandle extends CublasObject {
    /** Of the library that {@link CudaLibrary#requireCublasLt} has loaded. */
    public CublasHandle() {
        super(Cublas.handle("cublasLtCreate", CublasLt::cublasLtCreate), "cublasLtDestroy");
    }

    /** The library's version, for people. */
    public String version() {
        long version = CublasLt.cublasLtGetVersion(); // major * 10000 + minor * 100 + patch since 12
        return version / 10000 + "." + version % 10000 / 100 + "." + version % 100;
    }

    @Override
    int destroy(MemorySegment object) {
        return CublasLt.cublasLtDestroy(object);
    }
}
