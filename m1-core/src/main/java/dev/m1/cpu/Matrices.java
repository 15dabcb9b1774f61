package dev.m1.cpu;

import dev.m1.cpu.kernels.Projection;
import dev.m1.cpu.kernels.TensorReader;
import dev.m1.spi.TensorRole;

/** A model's matrices in the form in which they are multiplied. */
interface Matrices extends AutoCloseable {
    /**
     * Linear layers over the same input.
     *
     * @param layer decoder layer from 0, ignored for roles that are not per layer
     */
    Projection projection(int layer, Biased... linears);

    /**
     * A linear layer.
     *
     * @param bias {@code [outputs]} or null
     */
    record Biased(TensorRole matrix, float[] bias) {}

    /** The embeddings {@code [vocab, hidden]}, to be read row by row. */
    TensorReader embeddings();

    /** Gives back what was allocated for them. */
    @Override
    void close();
}
