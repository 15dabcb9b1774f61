package dev.m1.cuda.kernels;

/** Lays out the operation of a linear layer over all new tokens. */
@FunctionalInterface
public interface LinearMaker {
    /**
     * @param bias {@code [rows]} floats, or 0 for none
     * @param gain {@code [columns]} floats of an RMSNorm of the input, or 0 for none
     */
    Operation make(Matrix weight, long bias, Activations x, long gain, float eps, LinearOutput out);
}
