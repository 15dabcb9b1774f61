package dev.m1.cuda.kernels;

import dev.m1.spi.DType;
import java.util.List;

/**
 * A kernel of {@link Linear} and the part of the result that one block computes. All variants of a family give the same
 * bits.
 *
 * @param symbol the kernel
 * @param tokens of a block
 * @param rows outputs of a block
 * @param threads of a block
 */
record LinearVariant(String symbol, int tokens, int rows, int threads) {
    /** The family for a type of weights, ascending in tokens. */
    static List<LinearVariant> family(DType type, boolean tensorCores) {
        String prefix = "m1_linear_" + Kernels.suffix(type);
        return tensorCores && type == DType.BF16
                ? List.of(
                        new LinearVariant("m1_linear_mma_bf16_m8", 8, 16, 256),
                        new LinearVariant("m1_linear_mma_bf16_m16", 16, 16, 256),
                        new LinearVariant("m1_linear_mma_bf16_m32", 32, 16, 256),
                        new LinearVariant("m1_linear_mma_bf16_m64", 64, 256, 256))
                : List.of(
                        new LinearVariant(prefix + "_m1", 1, 16, 128),
                        new LinearVariant(prefix + "_m2", 2, 16, 128),
                        new LinearVariant(prefix + "_m4", 4, 16, 128),
                        new LinearVariant(prefix + "_m8", 8, 16, 128));
    }
}
