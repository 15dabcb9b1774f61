package dev.m1.cpu.kernels;

import dev.m1.spi.WeightTensor;

/**
 * A weight matrix {@code [outputs, inputs]} with an optional bias, resolved for its element type. This one serves every
 * type by way of {@link TensorReader}; faster ones override {@link #unpack} and the direct products.
 */
public class Linear {
    final int outputs;
    final int inputs;
    final float[] bias; // [outputs], or null
    private final TensorReader reader;

    Linear(WeightTensor matrix, float[] bias) {
        this.outputs = matrix.shape().get(0);
        this.inputs = matrix.shape().get(1);
        this.bias = bias;
        this.reader = TensorReader.of(matrix);
    }

    /**
     * Writes one row as floats in slot order.
     *
     * @param panel {@code [steps, stride]} from {@code p} on; 16 elements of each step are written
     * @param row scratch, {@code [inputs]}
     */
    void unpack(int output, float[] panel, int p, int stride, float[] row) {
        reader.read((long) output * inputs, inputs, row, 0);
        Lanes.spread(row, 0, inputs, panel, p, stride);
    }

    /** True if the products below exist, which read the weights where they lie. */
    boolean direct() {
        return false;
    }

    /**
     * Lanes of one row times one activation row, both in one array: {@code [steps, 16]} from {@code acts} on, {@code
     * [16]} from {@code lanes} on.
     */
    void dot1(int output, float[] memory, int acts, int lanes) {
        throw new UnsupportedOperationException();
    }

    /**
     * Lanes of four rows, {@code apart} rows from one to the next, times one activation row: {@code [4, 16]} from
     * {@code lanes} on, otherwise as {@link #dot1}.
     */
    void dotRows(int output, int apart, float[] memory, int acts, int lanes) {
        throw new UnsupportedOperationException();
    }

    /**
     * Adds the products of a piece of one row, {@code length} inputs from {@code first} on, and of four activation rows
     * to their lanes: {@code [steps, 4, 16]} from {@code acts} on, where the piece begins, {@code [4, 16]} from {@code
     * lanes} on.
     *
     * @param first a multiple of 16, as is {@code length}
     */
    void dot4(int output, int first, int length, float[] memory, int acts, int lanes) {
        throw new UnsupportedOperationException();
    }
}
