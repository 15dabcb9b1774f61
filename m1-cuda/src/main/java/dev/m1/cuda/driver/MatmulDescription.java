package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CublasLt;
import java.lang.foreign.MemorySegment;

/** What every {@link Matmul} computes: {@code y = x Wᵀ} of row-major matrices, products and sums in float. */
public final class MatmulDescription extends CublasObject {
    private static final String SET = "cublasLtMatmulDescSetAttribute";

    public MatmulDescription() {
        super(
                Cublas.handle(
                        "cublasLtMatmulDescCreate",
                        out -> CublasLt.cublasLtMatmulDescCreate(
                                out, CublasLt.CUBLAS_COMPUTE_32F(), CublasLt.CUDA_R_32F())),
                "cublasLtMatmulDescDestroy");
        try {
            // In columns: yᵀ = W xᵀ, for which the library sees Wᵀ, xᵀ and yᵀ.
            set(CublasLt.CUBLASLT_MATMUL_DESC_TRANSA(), CublasLt.CUBLAS_OP_T());
            set(CublasLt.CUBLASLT_MATMUL_DESC_TRANSB(), CublasLt.CUBLAS_OP_N());
        } catch (Throwable t) {
            close();
            throw t;
        }
    }

    private void set(int attribute, int value) {
        setInt(SET, CublasLt::cublasLtMatmulDescSetAttribute, attribute, value);
    }

    @Override
    int destroy(MemorySegment object) {
        return CublasLt.cublasLtMatmulDescDestroy(object);
    }
}
