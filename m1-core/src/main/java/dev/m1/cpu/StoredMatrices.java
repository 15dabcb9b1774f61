package dev.m1.cpu;

import dev.m1.cpu.kernels.Kernels;
import dev.m1.cpu.kernels.Linear;
import dev.m1.cpu.kernels.TensorReader;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightSource;

/**
 * Matrices used where they are mapped.
 *
 * @param source the checkpoint
 * @param kernels what multiplies them
 */
record StoredMatrices(WeightSource source, Kernels kernels) implements Matrices {
    @Override
    public Linear linear(TensorRole role, int layer, float[] bias) {
        return kernels.linear(source.tensor(role, layer), bias);
    }

    @Override
    public TensorReader embeddings() {
        return TensorReader.of(source.tensor(TensorRole.EMBEDDING, 0));
    }

    @Override
    public void close() {
        // The checkpoint owns them.
    }
}
