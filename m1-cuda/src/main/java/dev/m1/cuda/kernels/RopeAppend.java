package dev.m1.cuda.kernels;

import dev.m1.cuda.driver.CudaKernel;
import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.KernelArguments;
import java.lang.foreign.Arena;

/** Norms (Qwen3) and rotates queries and keys, and puts keys and values into the cache. */
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
     * @param rope {@code [positions, headDim / 2, 2]}: cosines and sines
     */
    public RopeAppend(
            Kernels kernels,
            Arena arena,
            Activations qkv,
            long queryGain,
            long keyGain,
            float eps,
            long rope,
            KvPool pool,
            int layer,
            int heads,
            StepInput step) {
        int all = heads + 2 * pool.kvHeads();
        Shapes.require(
                qkv.width() == all * pool.headDim(), "%d heads of %d in %d", all, pool.headDim(), qkv.width());
        gridY = Shapes.ceilDiv(all, HEADS);
        kernel = kernels.kernel("m1_rope_append_" + pool.suffix());
        arguments = KernelArguments.in(arena)
                .pointer(qkv.address())
                .number(qkv.stride())
                .pointer(queryGain)
                .pointer(keyGain)
                .real(eps)
                .pointer(rope)
                .pointer(step.positions())
                .pointer(step.tokenRow())
                .pointer(step.blockTables())
                .number(step.tableStride())
                .pointer(pool.address())
                .wide(pool.pageStride())
                .wide(layer * pool.layerStride())
                .number(heads)
                .number(pool.kvHeads())
                .number(pool.headDim())
                .pointer(step.tokenCount())
                .build();
    }

    @Override
    public void enqueue(CudaStream stream, Bucket bucket) {
        kernel.launch(stream, bucket.tokens(), gridY, 1, THREADS, 0, arguments);
    }
}
