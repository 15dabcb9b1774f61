package dev.m1.cuda.kernels;

import dev.m1.spi.DType;

/**
 * A weight matrix in device memory, row-major.
 *
 * @param address 128-byte aligned
 * @param rows outputs
 * @param columns inputs
 * @param stride elements from row to row; a multiple of 8, zeros beyond {@code columns}
 * @param type of its elements
 */
public record Matrix(long address, int rows, int columns, int stride, DType type) {
    public Matrix {
        Shapes.require(address % 128 == 0, "the matrix at %x is not 128-byte aligned", address);
        Shapes.require(
                stride % 8 == 0 && stride >= columns, "a row of %d columns has a stride of %d", columns, stride);
    }
}
