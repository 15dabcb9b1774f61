package dev.m1.cuda.kernels;

import dev.m1.cuda.driver.CudaKernel;
import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.KernelArguments;
import java.lang.foreign.Arena;

/**
 * Picks the ids that are more than the likeliest, exactly as core's reference sampler does. Rows whose logits are not
 * finite get none.
 */
public final class Sample implements Operation {
    /** Bytes of one draw's description, see {@code Draw} in {@code sampler.cuh}. */
    public static final int DRAW_BYTES = 96;

    private static final int THREADS = 1024;

    private final CudaKernel kernel;
    private final KernelArguments arguments;
    private final int blocks;

    /**
     * @param logits {@code [wanted, vocab]}
     * @param likeliest of the LM head
     * @param work of the blocks
     * @param sampled {@code [rows]} ints, the result
     */
    public Sample(
            Kernels kernels,
            Arena arena,
            Activations logits,
            Likeliest likeliest,
            Work work,
            long sampled,
            StepInput step) {
        kernel = kernels.kernel("m1_sample");
        blocks = work.blocks();
        arguments = KernelArguments.in(arena)
                .pointer(logits.address())
                .number(logits.stride())
                .number(logits.width())
                .pointer(step.draws())
                .pointer(step.history())
                .pointer(likeliest.address())
                .pointer(work.adjusted())
                .pointer(work.marks())
                .pointer(work.weights())
                .pointer(sampled)
                .pointer(step.drawCount())
                .build();
    }

    /**
     * Device addresses of working memory.
     *
     * @param blocks most blocks that draw at the same time
     * @param adjusted {@code [blocks, vocab]} floats
     * @param marks {@code [blocks, vocab]} ints, zeros
     * @param weights {@code [blocks, vocab]} 64-bit integers
     */
    public record Work(int blocks, long adjusted, long marks, long weights) {}

    @Override
    public void enqueue(CudaStream stream, Bucket bucket) {
        kernel.launch(stream, Math.min(blocks, bucket.wanted()), 1, 1, THREADS, 0, arguments);
    }
}
