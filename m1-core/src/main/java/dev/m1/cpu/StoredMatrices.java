package dev.m1.cpu;

import dev.m1.cpu.kernels.Kernels;
import dev.m1.cpu.kernels.LaneProjection;
import dev.m1.cpu.kernels.Linear;
import dev.m1.cpu.kernels.Projection;
import dev.m1.cpu.kernels.TensorReader;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Matrices used where they are mapped.
 *
 * @param source the checkpoint
 * @param kernels what multiplies them
 */
record StoredMatrices(WeightSource source, Kernels kernels) implements Matrices {
    @Override
    public Projection projection(int layer, Biased... linears) {
        List<Linear> parts = new ArrayList<>();
        for (Biased linear : linears) {
            parts.add(kernels.linear(source.tensor(linear.matrix(), layer), linear.bias()));
        }
        return new LaneProjection(kernels, parts);
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
