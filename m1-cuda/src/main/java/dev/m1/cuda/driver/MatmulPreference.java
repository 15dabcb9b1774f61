package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CublasLt;
import java.lang.foreign.MemorySegment;

/** Which algorithms may be chosen: those that sum along K in one sequence. */
public final class MatmulPreference extends CublasObject {
    private static final String SET = "cublasLtMatmulPreferenceSetAttribute";
    private static final int NO_REDUCTION = CublasLt.CUBLASLT_REDUCTION_SCHEME_NONE();

    /**
     * @param workspaceBytes of the buffer that is lent to a product
     * @param alignment of every matrix, in bytes
     */
    public MatmulPreference(long workspaceBytes, int alignment) {
        super(
                Cublas.handle("cublasLtMatmulPreferenceCreate", CublasLt::cublasLtMatmulPreferenceCreate),
                "cublasLtMatmulPreferenceDestroy");
        try {
            setLong(
                    SET,
                    CublasLt::cublasLtMatmulPreferenceSetAttribute,
                    CublasLt.CUBLASLT_MATMUL_PREF_MAX_WORKSPACE_BYTES(),
                    workspaceBytes);
            set(CublasLt.CUBLASLT_MATMUL_PREF_REDUCTION_SCHEME_MASK(), NO_REDUCTION);
            set(CublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_A_BYTES(), alignment);
            set(CublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_B_BYTES(), alignment);
            set(CublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_C_BYTES(), alignment);
            set(CublasLt.CUBLASLT_MATMUL_PREF_MIN_ALIGNMENT_D_BYTES(), alignment);
        } catch (Throwable t) {
            close();
            throw t;
        }
    }

    private void set(int attribute, int value) {
        setInt(SET, CublasLt::cublasLtMatmulPreferenceSetAttribute, attribute, value);
    }

    @Override
    int destroy(MemorySegment object) {
        return CublasLt.cublasLtMatmulPreferenceDestroy(object);
    }
}
