package dev.m1.cpu;

import dev.m1.cpu.kernels.Projection;
import dev.m1.cpu.kernels.TensorReader;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightSource;

/**
 * One decoder layer's weights, resolved for their element types. Norms and biases are copied to floats.
 *
 * @param index the layer's number from 0
 * @param attentionNorm {@code [hidden]}
 * @param qkv {@code [(heads + 2 * kvHeads) * headDim, hidden]}
 * @param queryNorm {@code [headDim]} or null
 * @param keyNorm {@code [headDim]} or null
 * @param output {@code [hidden, heads * headDim]}
 * @param mlpNorm {@code [hidden]}
 * @param gateUp {@code [2 * intermediate, hidden]}
 * @param down {@code [hidden, intermediate]}
 */
record LayerWeights(
        int index,
        float[] attentionNorm,
        Projection qkv,
        float[] queryNorm,
        float[] keyNorm,
        Projection output,
        float[] mlpNorm,
        Projection gateUp,
        Projection down) {

    static LayerWeights load(ModelSpec spec, WeightSource source, Matrices matrices, int layer) {
        Loader load = new Loader(spec, source, matrices, layer);
        return new LayerWeights(
                layer,
                load.vector(TensorRole.ATTENTION_NORM),
                load.projection(
                        load.linear(TensorRole.Q, TensorRole.Q_BIAS),
                        load.linear(TensorRole.K, TensorRole.K_BIAS),
                        load.linear(TensorRole.V, TensorRole.V_BIAS)),
                load.vector(TensorRole.Q_NORM),
                load.vector(TensorRole.K_NORM),
                load.projection(load.linear(TensorRole.O, TensorRole.O_BIAS)),
                load.vector(TensorRole.MLP_NORM),
                load.projection(
                        load.linear(TensorRole.GATE, TensorRole.GATE_BIAS),
                        load.linear(TensorRole.UP, TensorRole.UP_BIAS)),
                load.projection(load.linear(TensorRole.DOWN, TensorRole.DOWN_BIAS)));
    }

    private record Loader(ModelSpec spec, WeightSource source, Matrices matrices, int layer) {
        /** Null if the model has no such vector. */
        float[] vector(TensorRole role) {
            return role.presentIn(spec) ? TensorReader.floats(source.tensor(role, layer)) : null;
        }

        Matrices.Biased linear(TensorRole matrix, TensorRole bias) {
            return new Matrices.Biased(matrix, vector(bias));
        }

        Projection projection(Matrices.Biased... linears) {
            return matrices.projection(layer, linears);
        }
    }
}
