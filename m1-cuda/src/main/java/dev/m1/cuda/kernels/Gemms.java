package dev.m1.cuda.kernels;

import dev.m1.cuda.driver.CublasHandle;
import dev.m1.cuda.driver.CudaScope;
import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.Matmul;
import dev.m1.cuda.driver.MatmulDescription;
import dev.m1.cuda.driver.MatmulPreference;
import dev.m1.cuda.driver.MatmulShape;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;

/**
 * cuBLASLt's products by shape and bucket. An algorithm is chosen and run once when a layer first asks for its shape,
 * while the model is opened, because a shape's first run takes milliseconds; it stays until this is closed.
 */
public final class Gemms implements AutoCloseable {
    /** Bytes that NVIDIA's manual recommends for the largest devices. */
    public static final long WORKSPACE_BYTES = 32L << 20;

    private static final int ALIGNMENT = 128; // of weights, activations, and every row of them

    private final CudaScope scope = new CudaScope();
    private final Map<MatmulShape, Matmul> products = new HashMap<>();
    private final CublasHandle cublas;
    private final MatmulDescription description;
    private final MatmulPreference preference;
    private final GemmBuffers buffers;
    private final CudaStream stream;
    private final Arena arena;
    private final int leastTokens;
    private final int mostTokens;

    /**
     * @param leastTokens of a step that uses them; also the most
     */
    public Gemms(GemmBuffers buffers, int leastTokens, int mostTokens, CudaStream stream, Arena arena) {
        this.buffers = buffers;
        this.stream = stream;
        this.arena = arena;
        this.leastTokens = leastTokens;
        this.mostTokens = mostTokens;
        try {
            cublas = scope.own(new CublasHandle());
            description = scope.own(new MatmulDescription());
            preference = scope.own(new MatmulPreference(buffers.workspace().bytes(), ALIGNMENT));
        } catch (Throwable t) {
            scope.closeAfter(t);
            throw t;
        }
    }

    /** The library's version, for people. */
    public String version() {
        return cublas.version();
    }

    /** A matrix's products, {@code [buckets]}; null where no step leads. */
    Matmul[] of(Matrix weight, int ldy) {
        Matmul[] all = new Matmul[GemmBuckets.count()];
        // A step of more than one slice ends in a slice of any size.
        int first = mostTokens > GemmBuckets.slice() ? 0 : GemmBuckets.of(leastTokens);
        for (int i = first; i < all.length && GemmBuckets.rows(i) <= buffers.rows(); i++) {
            MatmulShape shape = new MatmulShape(
                    GemmBuckets.rows(i), weight.rows(), weight.stride(), weight.stride(), weight.stride(), ldy);
            all[i] = products.computeIfAbsent(shape, s -> warm(s, weight));
        }
        return all;
    }

    private Matmul warm(MatmulShape shape, Matrix weight) {
        Matmul product = scope.own(new Matmul(cublas, description, preference, shape, arena));
        product.enqueue(
                stream, weight.address(), buffers.parts(), buffers.product(), false, buffers.workspace());
        return product;
    }

    /** Memory of the products. */
    GemmBuffers buffers() {
        return buffers;
    }

    /** Most tokens of a step. */
    int mostTokens() {
        return mostTokens;
    }

    @Override
    public void close() {
        scope.close();
    }
}
