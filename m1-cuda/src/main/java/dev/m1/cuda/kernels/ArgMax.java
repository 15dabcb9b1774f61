package dev.m1.cuda.kernels;

import dev.m1.cuda.driver.CudaKernel;
import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.KernelArguments;
import java.lang.foreign.Arena;

/** The likeliest id of every wanted row, the lowest of equals, and the bits of its largest magnitude. */
public final class ArgMax implements Operation {
    private static final int THREADS = 1024;

    private final CudaKernel kernel;
    private final KernelArguments arguments;

    /**
     * @param logits {@code [wanted, vocab]}
     * @param best {@code [wanted]} ints, the result
     * @param largestBits {@code [wanted]} ints; from {@code 0x7f800000} on, a logit of the row is not finite
     */
    public ArgMax(Kernels kernels, Arena arena, Activations logits, long best, long largestBits, StepInput step) {
        kernel = kernels.kernel("m1_argmax");
        arguments = KernelArguments.in(arena)
                .pointer(logits.address())
                .number(logits.stride())
                .number(logits.width())
                .pointer(best)
                .pointer(largestBits)
                .pointer(step.wantedCount())
                .build();
    }

    @Override
    public void enqueue(CudaStream stream, Bucket bucket) {
        kernel.launch(stream, bucket.wanted(), 1, 1, THREADS, 0, arguments);
    }
}
