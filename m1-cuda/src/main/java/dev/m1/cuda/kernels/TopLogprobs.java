package dev.m1.cuda.kernels;

import dev.m1.cuda.driver.CudaKernel;
import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.KernelArguments;
import java.lang.foreign.Arena;

/** The likeliest ids of the rows that ask for them, best first, the lower id first among equals. */
public final class TopLogprobs implements Operation {
    private static final int THREADS = 1024;

    private final CudaKernel kernel;
    private final KernelArguments arguments;

    /**
     * @param logits {@code [wanted, vocab]}
     * @param most ids of a row, at most
     * @param ids {@code [wanted, most]} ints, a result
     * @param logprobs {@code [wanted, most]} floats, natural logarithms, a result
     */
    public TopLogprobs(
            Kernels kernels, Arena arena, Activations logits, int most, long ids, long logprobs, StepInput step) {
        kernel = kernels.kernel("m1_top_logprobs");
        arguments = KernelArguments.in(arena)
                .pointer(logits.address())
                .number(logits.stride())
                .number(logits.width())
                .pointer(step.tops())
                .number(most)
                .pointer(ids)
                .pointer(logprobs)
                .pointer(step.topCount())
                .build();
    }

    @Override
    public void enqueue(CudaStream stream, Bucket bucket) {
        kernel.launch(stream, bucket.wanted(), 1, 1, THREADS, 0, arguments);
    }
}
