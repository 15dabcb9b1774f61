package dev.m1.cuda.kernels;

import dev.m1.cuda.driver.CudaKernel;
import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.KernelArguments;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * {@code v = W norm(x) + b}, and what follows. There is one order of summation over the inputs for every number of
 * tokens: the variants differ in how many tokens share a read of the weights, not in their bits.
 */
public final class Linear implements Operation {
    private final List<LinearVariant> variants;
    private final CudaKernel[] kernels; // [variants]
    private final KernelArguments arguments;
    private final ToIntFunction<Bucket> count;
    private final int outputs;

    private Linear(Kernels kernels, Matrix weight, KernelArguments arguments, ToIntFunction<Bucket> count) {
        this.arguments = arguments;
        this.count = count;
        outputs = weight.rows();
        variants = LinearVariant.family(weight.type(), kernels.tensorCores());
        this.kernels = variants.stream().map(v -> kernels.kernel(v.symbol())).toArray(CudaKernel[]::new);
    }

    /**
     * Over all new tokens.
     *
     * @param bias {@code [rows]} floats, or 0 for none
     * @param gain {@code [columns]} floats of an RMSNorm of the input, or 0 for none
     */
    public static Linear overTokens(
            Kernels kernels,
            Arena arena,
            Matrix weight,
            long bias,
            Activations x,
            long gain,
            float eps,
            LinearOutput out,
            StepInput step) {
        checkShapes(weight, x, out);
        KernelArguments arguments = arguments(arena, weight, bias, x, 0, gain, eps, out, step.tokenCount(), 0);
        return new Linear(kernels, weight, arguments, Bucket::tokens);
    }

    /**
     * Over the wanted tokens: {@code y[i] = W norm(x[wanted[i]])}.
     *
     * @param likeliest raised by the results
     */
    public static Linear overWanted(
            Kernels kernels,
            Arena arena,
            Matrix weight,
            Activations x,
            long gain,
            float eps,
            Activations y,
            Likeliest likeliest,
            StepInput step) {
        LinearOutput out = LinearOutput.store(y);
        checkShapes(weight, x, out);
        KernelArguments arguments = arguments(
                arena, weight, 0, x, step.wanted(), gain, eps, out, step.wantedCount(), likeliest.address());
        return new Linear(kernels, weight, arguments, Bucket::wanted);
    }

    /** All linear layers over new tokens with these kernels. */
    public static LinearMaker maker(Kernels kernels, Arena arena, StepInput step) {
        return (weight, bias, x, gain, eps, out) ->
                overTokens(kernels, arena, weight, bias, x, gain, eps, out, step);
    }

    static void checkShapes(Matrix weight, Activations x, LinearOutput out) {
        Shapes.require(weight.columns() == x.width(), "W has %d columns, x %d", weight.columns(), x.width());
        Shapes.require(weight.rows() == out.results(), "W gives %d outputs, not %d", weight.rows(), out.results());
    }

    private static KernelArguments arguments(
            Arena arena,
            Matrix weight,
            long bias,
            Activations x,
            long gather,
            long gain,
            float eps,
            LinearOutput out,
            long count,
            long likeliest) {
        return KernelArguments.in(arena)
                .pointer(weight.address())
                .number(weight.stride())
                .pointer(bias)
                .pointer(x.address())
                .number(x.stride())
                .pointer(gather)
                .pointer(gain)
                .real(eps)
                .pointer(out.y().address())
                .number(out.y().stride())
                .number(weight.rows())
                .number(weight.columns())
                .number(out.mode().ordinal())
                .pointer(count)
                .pointer(likeliest)
                .struct(out.kvStruct())
                .build();
    }

    @Override
    public void enqueue(CudaStream stream, Bucket bucket) {
        int tokens = count.applyAsInt(bucket);
        int i = 0;
        while (i < kernels.length - 1 && variants.get(i).tokens() < tokens) {
            i++;
        }
        LinearVariant variant = variants.get(i);
        int gridX = Shapes.ceilDiv(outputs, variant.rows());
        int gridY = Shapes.ceilDiv(tokens, variant.tokens());
        kernels[i].launch(stream, gridX, gridY, 1, variant.threads(), 0, arguments);
    }
}
