package dev.m1.cuda.kernels;

import dev.m1.cuda.driver.CudaKernel;
import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.KernelArguments;
import java.lang.foreign.Arena;

/** {@code hidden[t] = table[ids[t]]}; the first kernel of a step. */
public final class Embedding implements Operation {
    private static final int THREADS = 256;

    private final CudaKernel kernel;
    private final KernelArguments arguments;

    /**
     * @param table {@code [vocab, hidden]}
     * @param likeliest set to zero for the LM head
     */
    public Embedding(
            Kernels kernels, Arena arena, Matrix table, StepInput step, Activations hidden, Likeliest likeliest) {
        Shapes.require(
                table.columns() == hidden.width(), "embeddings of %d, hidden %d", table.columns(), hidden.width());
        kernel = kernels.first("m1_embed_" + Kernels.suffix(table.type()));
        arguments = KernelArguments.in(arena)
                .pointer(table.address())
                .number(table.stride())
                .pointer(step.ids())
                .pointer(0) // ids of the previous step: the host has put them in already
                .pointer(hidden.address())
                .number(hidden.stride())
                .number(hidden.width())
                .pointer(step.tokenCount())
                .pointer(likeliest.address())
                .number(likeliest.rows())
                .build();
    }

    @Override
    public void enqueue(CudaStream stream, Bucket bucket) {
        kernel.launch(stream, bucket.tokens(), 1, 1, THREADS, 0, arguments);
    }
}
