package dev.m1.cuda.kernels;

/**
 * Working memory {@code [tokens, width]} of floats on the device, row-major.
 *
 * @param address 128-byte aligned
 * @param tokens rows it has room for
 * @param width elements of a row
 * @param stride elements from row to row; a multiple of 8
 */
public record Activations(long address, int tokens, int width, int stride) {
    public Activations {
        Shapes.require(address % 128 == 0, "the activations at %x are not 128-byte aligned", address);
        Shapes.require(stride % 8 == 0 && stride >= width, "a row of %d elements has a stride of %d", width, stride);
    }
}
