package dev.m1.cpu.kernels;

/**
 * A linear layer of 8-bit weights.
 *
 * @param bias {@code [outputs]} or null
 */
public record Q8Linear(Q8Matrix matrix, float[] bias) {
    /** The bias of an output, or zero. */
    float bias(int output) {
        return bias == null ? 0 : bias[output];
    }
}
