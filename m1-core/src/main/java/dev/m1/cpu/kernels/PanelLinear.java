package dev.m1.cpu.kernels;

/**
 * A linear layer whose weights lie in panels.
 *
 * @param kernel what multiplies them
 * @param bias {@code [outputs]} or null
 */
public record PanelLinear<M extends PanelMatrix>(PanelKernel<M> kernel, M matrix, float[] bias) {
    /** The same weights with another bias. */
    public PanelLinear<M> with(float[] otherBias) {
        return new PanelLinear<>(kernel, matrix, otherBias);
    }
}
