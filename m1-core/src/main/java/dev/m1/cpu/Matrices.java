package dev.m1.cpu;

import dev.m1.cpu.kernels.Linear;
import dev.m1.cpu.kernels.TensorReader;
import dev.m1.spi.TensorRole;

/** A model's matrices in the form in which they are multiplied. */
interface Matrices extends AutoCloseable {
    /**
     * A matrix as a linear layer.
     *
     * @param layer decoder layer from 0, ignored for roles that are not per layer
     * @param bias {@code [outputs]} or null
     */
    Linear linear(TensorRole role, int layer, float[] bias);

    /** The embeddings {@code [vocab, hidden]}, to be read row by row. */
    TensorReader embeddings();

    /** Gives back what was allocated for them. */
    @Override
    void close();
}
