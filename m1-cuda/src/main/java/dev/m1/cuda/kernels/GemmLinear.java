package dev.m1.cuda.kernels;

import dev.m1.cuda.driver.CudaKernel;
import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.KernelArguments;
import dev.m1.cuda.driver.Matmul;
import dev.m1.spi.DType;
import java.lang.foreign.Arena;

/**
 * What {@link Linear} computes, its product by a library: norm and parts of the activations, a product for each part,
 * smallest first, and what follows. Rows up to the bucket's size are zero, so that a product's shape, and with it its
 * algorithm, follows from the bucket.
 */
public final class GemmLinear implements Operation {
    private static final int THREADS = 256;
    private static final int FINISHED = 2 * THREADS; // results of a block

    private final Matrix weight;
    private final GemmBuffers buffers;
    private final Matmul[] products; // [buckets]
    private final CudaKernel parts;
    private final CudaKernel finish;
    private final KernelArguments[] partsArguments; // [slices]
    private final KernelArguments[] finishArguments; // [slices]

    private GemmLinear(
            Kernels kernels,
            Arena arena,
            Gemms gemms,
            Matrix weight,
            long bias,
            Activations x,
            long gain,
            float eps,
            LinearOutput out,
            StepInput step) {
        Linear.checkShapes(weight, x, out);
        this.weight = weight;
        buffers = gemms.buffers();
        int ldp = stride(weight.rows());
        products = gemms.of(weight, ldp);
        parts = kernels.kernel("m1_gemm_parts_p" + buffers.partCount());
        finish = kernels.first("m1_gemm_finish");
        int slices = Shapes.ceilDiv(gemms.mostTokens(), GemmBuckets.slice());
        partsArguments = new KernelArguments[slices];
        finishArguments = new KernelArguments[slices];
        for (int i = 0; i < slices; i++) {
            int first = i * GemmBuckets.slice();
            partsArguments[i] = KernelArguments.in(arena)
                    .pointer(x.address())
                    .number(x.stride())
                    .pointer(gain)
                    .real(eps)
                    .pointer(buffers.parts())
                    .number(weight.stride())
                    .wide(buffers.partStride(weight.stride()))
                    .number(weight.columns())
                    .number(first)
                    .pointer(step.tokenCount())
                    .build();
            finishArguments[i] = KernelArguments.in(arena)
                    .pointer(buffers.product())
                    .number(ldp)
                    .pointer(bias)
                    .pointer(out.y().address())
                    .number(out.y().stride())
                    .number(weight.rows())
                    .number(out.mode().ordinal())
                    .number(first)
                    .pointer(step.tokenCount())
                    .struct(out.kvStruct())
                    .build();
        }
    }

    /** Linear layers with these products where the weights are bfloat16, and with kernels elsewhere. */
    public static LinearMaker maker(Kernels kernels, Arena arena, Gemms gemms, StepInput step) {
        LinearMaker others = Linear.maker(kernels, arena, step);
        return (weight, bias, x, gain, eps, out) -> takes(weight.type())
                ? new GemmLinear(kernels, arena, gemms, weight, bias, x, gain, eps, out, step)
                : others.make(weight, bias, x, gain, eps, out);
    }

    /** Whether weights of a type are multiplied by the library. */
    public static boolean takes(DType type) {
        return type == DType.BF16;
    }

    /** Elements from row to row of a product. */
    public static int stride(int outputs) {
        return Shapes.ceilDiv(outputs, 32) * 32; // 128 bytes
    }

    @Override
    public void enqueue(CudaStream stream, Bucket bucket) {
        for (int slice = 0; slice * GemmBuckets.slice() < bucket.tokens(); slice++) {
            int tokens = Math.min(bucket.tokens() - slice * GemmBuckets.slice(), GemmBuckets.slice());
            int size = GemmBuckets.of(tokens);
            parts.launch(stream, GemmBuckets.rows(size), 1, 1, THREADS, 0, partsArguments[slice]);
            int last = buffers.partCount() - 1;
            for (int p = last; p >= 0; p--) {
                products[size].enqueue(
                        stream, weight.address(), buffers.part(p, weight.stride()), buffers.product(), p < last,
                        buffers.workspace());
            }
            int blocks = Shapes.ceilDiv(weight.rows(), FINISHED);
            finish.launch(stream, tokens, blocks, 1, THREADS, 0, finishArguments[slice]);
        }
    }
}
