package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CublasLt;
import java.lang.foreign.MemorySegment;

/** How a matrix lies in memory. cuBLASLt counts in columns, so a row-major matrix is described as its transpose. */
final class MatrixLayout extends CublasObject {
    /**
     * @param type {@code CUDA_R_…}
     * @param rows of the row-major matrix
     * @param width elements of a row
     * @param stride elements from row to row
     */
    MatrixLayout(int type, long rows, long width, long stride) {
        super(
                Cublas.handle(
                        "cublasLtMatrixLayoutCreate",
                        out -> CublasLt.cublasLtMatrixLayoutCreate(out, type, width, rows, stride)),
                "cublasLtMatrixLayoutDestroy");
    }

    @Override
    int destroy(MemorySegment object) {
        return CublasLt.cublasLtMatrixLayoutDestroy(object);
    }
}
