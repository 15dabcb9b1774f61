package dev.m1.cuda.kernels;

import dev.m1.cuda.driver.CudaKernel;
import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.KernelArguments;
import java.lang.foreign.Arena;

/**
 * Norms (Qwen3) and rotates queries and keys, and puts keys and values into the cache. Without norms the projection can
 * do it itself, to the same bits, see {@link LinearOutput#rotateAppend}.
 */
public final class RopeAppend implements Operation {
    private static final int THREADS = 128;
    private static final int HEADS = 4; // of a block

    private final CudaKernel kernel;
    private final KernelArguments arguments;
    private final int gridY;

    /**
     * @param qkv {@code [tokens, (heads + 2 * kvHeads) * headDim]}, pairs of a rotation side by side in q and k
     * @param queryGain {@code [headDim]} floats, or 0 for no norm
     * @param keyGain like {@code queryGain}
     */
    public RopeAppend(
            Kernels kernels, Arena arena, Activations qkv, long queryGain, long keyGain, float eps, KvTarget to) {
        int all = to.heads() + 2 * to.pool().kvHeads();
        Shapes.require(qkv.width() == to.width(), "%d heads in %d", all, qkv.width());
        gridY = Shapes.ceilDiv(all, HEADS);
        kernel = kernels.kernel("m1_rope_append");
        arguments = KernelArguments.in(arena)
                .pointer(qkv.address())
                .number(qkv.stride())
                .pointer(queryGain)
                .pointer(keyGain)
                .real(eps)
                .struct(to.struct())
                .pointer(to.step().tokenCount())
                .build();
    }

    @Override
    public void enqueue(CudaStream stream, Bucket bucket) {
        kernel.launch(stream, bucket.tokens(), gridY, 1, THREADS, 0, arguments);
    }
}
