package dev.m1.cuda.decoder;

import dev.m1.spi.ModelSpec;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightSource;
import dev.m1.spi.WeightTensor;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * The weights of a decoder layer in the arena; a vector that the model does not have is null.
 *
 * @param attentionNorm {@code [hidden]}
 * @param qkv {@code [(heads + 2 * kvHeads) * headDim, hidden]}
 * @param qkvBias {@code [(heads + 2 * kvHeads) * headDim]} or null
 * @param queryNorm {@code [headDim]}, paired, or null
 * @param keyNorm {@code [headDim]}, paired, or null
 * @param output {@code [hidden, heads * headDim]}
 * @param outputBias {@code [hidden]} or null
 * @param mlpNorm {@code [hidden]}
 * @param gateUp {@code [2 * intermediate, hidden]}, alternating
 * @param gateUpBias {@code [2 * intermediate]} or null
 * @param down {@code [hidden, intermediate]}
 * @param downBias {@code [hidden]} or null
 */
record PackedLayer(
        PackedVector attentionNorm,
        PackedMatrix qkv,
        PackedVector qkvBias,
        PackedVector queryNorm,
        PackedVector keyNorm,
        PackedMatrix output,
        PackedVector outputBias,
        PackedVector mlpNorm,
        PackedMatrix gateUp,
        PackedVector gateUpBias,
        PackedMatrix down,
        PackedVector downBias) {

    static PackedLayer of(Layout layout, ModelSpec spec, WeightSource weights, int layer) {
        Tensors tensors = new Tensors(layout, spec, weights, layer);
        RowOrder qkv = RowOrder.qkv(spec.queryDim(), spec.kvDim(), spec.headDim());
        RowOrder paired = RowOrder.paired(spec.headDim());
        RowOrder alternating = RowOrder.ALTERNATING;
        RowOrder plain = RowOrder.PLAIN;
        return new PackedLayer(
                tensors.vector(plain, TensorRole.ATTENTION_NORM),
                tensors.matrix(qkv, TensorRole.Q, TensorRole.K, TensorRole.V),
                tensors.vector(qkv, TensorRole.Q_BIAS, TensorRole.K_BIAS, TensorRole.V_BIAS),
                tensors.vector(paired, TensorRole.Q_NORM),
                tensors.vector(paired, TensorRole.K_NORM),
                tensors.matrix(plain, TensorRole.O),
                tensors.vector(plain, TensorRole.O_BIAS),
                tensors.vector(plain, TensorRole.MLP_NORM),
                tensors.matrix(alternating, TensorRole.GATE, TensorRole.UP),
                tensors.vector(alternating, TensorRole.GATE_BIAS, TensorRole.UP_BIAS),
                tensors.matrix(plain, TensorRole.DOWN),
                tensors.vector(plain, TensorRole.DOWN_BIAS));
    }

    /** Everything, in the order of the arena. */
    List<Packed> parts() {
        return Stream.<Packed>of(
                        attentionNorm, qkv, qkvBias, queryNorm, keyNorm, output, outputBias, mlpNorm, gateUp,
                        gateUpBias, down, downBias)
                .filter(p -> p != null)
                .toList();
    }

    private record Tensors(Layout layout, ModelSpec spec, WeightSource weights, int layer) {
        PackedMatrix matrix(RowOrder order, TensorRole... roles) {
            return new PackedMatrix(layout, all(roles), order);
        }

        PackedVector vector(RowOrder order, TensorRole... roles) {
            return roles[0].presentIn(spec) ? new PackedVector(layout, all(roles), order) : null;
        }

        private List<WeightTensor> all(TensorRole... roles) {
            return Arrays.stream(roles).map(role -> weights.tensor(role, layer)).toList();
        }
    }
}
