package dev.m1.cuda.driver;

import dev.m1.cuda.bindings.CublasLt;
import dev.m1.cuda.bindings.cublasLtMatmulHeuristicResult_t;
import dev.m1.errors.BackendException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * A matrix product of one {@link MatmulShape} with one algorithm, which is chosen when this is made and never again. It
 * sums along K in one sequence; no part of it depends on what the matrices hold.
 */
public final class Matmul implements AutoCloseable {
    private static final int CANDIDATES = 16;
    private static final String HEURISTIC = "cublasLtMatmulAlgoGetHeuristic";

    private final CudaScope scope = new CudaScope();
    private final CublasHandle cublas;
    private final MatmulDescription description;
    private final MatrixLayout w;
    private final MatrixLayout x;
    private final MatrixLayout y;
    private final MemorySegment algorithm;
    private final MemorySegment one;
    private final MemorySegment zero;

    /**
     * Chooses the algorithm.
     *
     * @param arena keeps it
     * @throws CudaException if a call fails
     * @throws BackendException if no algorithm sums along K in one sequence
     */
    public Matmul(
            CublasHandle cublas,
            MatmulDescription description,
            MatmulPreference preference,
            MatmulShape shape,
            Arena arena) {
        this.cublas = cublas;
        this.description = description;
        one = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 1);
        zero = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0);
        try {
            int bf16 = CublasLt.CUDA_R_16BF();
            w = scope.own(new MatrixLayout(bf16, shape.n(), shape.k(), shape.ldw()));
            x = scope.own(new MatrixLayout(bf16, shape.m(), shape.k(), shape.ldx()));
            y = scope.own(new MatrixLayout(CublasLt.CUDA_R_32F(), shape.m(), shape.n(), shape.ldy()));
            algorithm = choose(preference, shape, arena);
        } catch (Throwable t) {
            scope.closeAfter(t);
            throw t;
        }
    }

    /** The library's first choice that does not split K. */
    private MemorySegment choose(MatmulPreference preference, MatmulShape shape, Arena arena) {
        MemorySegment results = cublasLtMatmulHeuristicResult_t.allocateArray(CANDIDATES, arena);
        MemorySegment count = arena.allocate(ValueLayout.JAVA_INT);
        Cublas.check(
                CublasLt.cublasLtMatmulAlgoGetHeuristic(
                        cublas.handle(), description.handle(), w.handle(), x.handle(), y.handle(), y.handle(),
                        preference.handle(), CANDIDATES, results, count),
                HEURISTIC);
        int found = count.get(ValueLayout.JAVA_INT, 0);
        for (int i = 0; i < found; i++) {
            MemorySegment result = cublasLtMatmulHeuristicResult_t.asSlice(results, i);
            MemorySegment candidate = cublasLtMatmulHeuristicResult_t.algo(result);
            if (cublasLtMatmulHeuristicResult_t.state(result) == CublasLt.CUBLAS_STATUS_SUCCESS()
                    && splits(candidate) <= 1) {
                return candidate;
            }
        }
        throw new BackendException("cuda: none of the " + found + " algorithms that cuBLASLt has for " + shape
                + " sums without splitting K");
    }

    private static int splits(MemorySegment algorithm) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment out = arena.allocate(ValueLayout.JAVA_INT);
            MemorySegment written = arena.allocate(ValueLayout.JAVA_LONG);
            Cublas.check(
                    CublasLt.cublasLtMatmulAlgoConfigGetAttribute(
                            algorithm, CublasLt.CUBLASLT_ALGO_CONFIG_SPLITK_NUM(), out, Integer.BYTES, written),
                    "cublasLtMatmulAlgoConfigGetAttribute");
            return out.get(ValueLayout.JAVA_INT, 0);
        }
    }

    /**
     * Puts the product into a stream.
     *
     * @param weight address of W; also x and y
     * @param add whether y is added to what is there
     * @param workspace of the size that the algorithm was chosen for; used by one product at a time
     */
    public void enqueue(
            CudaStream stream, long weight, long from, long to, boolean add, Workspace workspace) {
        MemorySegment result = MemorySegment.ofAddress(to);
        Cublas.check(
                CublasLt.cublasLtMatmul(
                        cublas.handle(),
                        description.handle(),
                        one,
                        MemorySegment.ofAddress(weight),
                        w.handle(),
                        MemorySegment.ofAddress(from),
                        x.handle(),
                        add ? one : zero,
                        result,
                        y.handle(),
                        result,
                        y.handle(),
                        algorithm,
                        MemorySegment.ofAddress(workspace.address()),
                        workspace.bytes(),
                        stream.handle()),
                "cublasLtMatmul");
    }

    @Override
    public void close() {
        scope.close();
    }
}
