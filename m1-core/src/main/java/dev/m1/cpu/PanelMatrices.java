package dev.m1.cpu;

import dev.m1.cpu.kernels.PanelLinear;
import dev.m1.cpu.kernels.PanelMatrix;
import dev.m1.cpu.kernels.PanelProjection;
import dev.m1.cpu.kernels.Projection;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightSource;
import dev.m1.spi.WeightTensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Matrices of a model copied into panels, outside the Java heap. Embeddings that are the LM head are there once. */
abstract class PanelMatrices<M extends PanelMatrix> implements Matrices {
    private final Arena arena = Arena.ofShared();
    private final Map<TensorRole, List<PanelLinear<M>>> linears = new EnumMap<>(TensorRole.class);

    /**
     * Copies every matrix whose role is wanted; if that fails, their memory is given back.
     *
     * @throws OutOfMemoryError if they do not fit
     */
    final void load(ModelSpec spec, WeightSource source, Predicate<TensorRole> wanted) {
        try {
            for (TensorRole role : TensorRole.values()) {
                if (isMatrix(role, spec) && wanted.test(role)) {
                    List<PanelLinear<M>> ofRole = new ArrayList<>();
                    for (int layer = 0; layer < copies(role, spec); layer++) {
                        ofRole.add(copy(source.tensor(role, layer), arena));
                    }
                    linears.put(role, ofRole);
                }
            }
        } catch (Throwable t) {
            arena.close();
            throw t;
        }
    }

    /** A copy of a stored matrix, in memory of this arena. */
    abstract PanelLinear<M> copy(WeightTensor stored, Arena memory);

    static boolean isMatrix(TensorRole role, ModelSpec spec) {
        return role.presentIn(spec) && role.shape(spec).size() == 2;
    }

    /** How many tensors of this role there are. */
    static int copies(TensorRole role, ModelSpec spec) {
        return role.perLayer() ? spec.layers() : 1;
    }

    final PanelLinear<M> linear(TensorRole role, int layer) {
        return linears.get(role).get(role.perLayer() ? layer : 0);
    }

    @Override
    public final Projection projection(int layer, Biased... biased) {
        List<PanelLinear<M>> parts = new ArrayList<>();
        for (Biased part : biased) {
            parts.add(linear(part.matrix(), layer).with(part.bias()));
        }
        return new PanelProjection<>(parts);
    }

    @Override
    public final void close() {
        arena.close();
    }
}
