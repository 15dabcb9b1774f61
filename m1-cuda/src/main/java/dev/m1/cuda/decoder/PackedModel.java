package dev.m1.cuda.decoder;

import dev.m1.spi.ModelSpec;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Where every weight of a model lies in the arena; known before anything is allocated.
 *
 * @param embedding {@code [vocab, hidden]}
 * @param layers all decoder layers
 * @param outputNorm {@code [hidden]}
 * @param head {@code [vocab, hidden]}; the embedding itself where the two are tied
 * @param bytes size of the arena
 */
record PackedModel(
        PackedMatrix embedding, List<PackedLayer> layers, PackedVector outputNorm, PackedMatrix head, long bytes) {

    static PackedModel of(ModelSpec spec, WeightSource weights) {
        Layout layout = new Layout();
        PackedMatrix embedding = matrix(layout, weights, TensorRole.EMBEDDING);
        List<PackedLayer> layers = new ArrayList<>();
        for (int i = 0; i < spec.layers(); i++) {
            layers.add(PackedLayer.of(layout, spec, weights, i));
        }
        PackedVector norm =
                new PackedVector(layout, List.of(weights.tensor(TensorRole.OUTPUT_NORM, 0)), RowOrder.PLAIN);
        PackedMatrix head = spec.tiedEmbeddings() ? embedding : matrix(layout, weights, TensorRole.LM_HEAD);
        return new PackedModel(embedding, List.copyOf(layers), norm, head, layout.bytes());
    }

    private static PackedMatrix matrix(Layout layout, WeightSource weights, TensorRole role) {
        return new PackedMatrix(layout, List.of(weights.tensor(role, 0)), RowOrder.PLAIN);
    }

    /** Everything, in the order of the arena. */
    List<Packed> parts() {
        List<Packed> parts = new ArrayList<>();
        parts.add(embedding);
        layers.forEach(layer -> parts.addAll(layer.parts()));
        parts.add(outputNorm);
        if (head != embedding) {
            parts.add(head);
        }
        return parts;
    }
}
