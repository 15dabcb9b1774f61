package dev.m1.cuda.kernels;

import dev.m1.cuda.driver.Workspace;

/**
 * Working memory of a library's products, used by one of them at a time.
 *
 * @param parts address of activations in bfloat16, {@code [partCount, rows, ld]}, with the stride of the weight's rows
 * @param partCount parts whose sum an activation is; 1: its rounding
 * @param product address of results in float, {@code [rows, ld]}
 * @param rows of the largest bucket
 * @param workspace the library's own
 */
public record GemmBuffers(long parts, int partCount, long product, int rows, Workspace workspace) {
    public GemmBuffers {
        Shapes.require(parts % 128 == 0 && product % 128 == 0, "%x or %x is not 128-byte aligned", parts, product);
        Shapes.require(partCount == 1 || partCount == 3, "%d parts", partCount);
    }

    /** Elements from part to part. */
    long partStride(int ld) {
        return (long) rows * ld;
    }

    /** Address of a part. */
    long part(int part, int ld) {
        return parts + part * partStride(ld) * Short.BYTES;
    }
}
