package dev.m1.cpu;

import dev.m1.cpu.kernels.Kernels;
import dev.m1.cpu.kernels.PackedMatrix;
import dev.m1.cpu.kernels.PanelKernel;
import dev.m1.cpu.kernels.PanelLinear;
import dev.m1.cpu.kernels.TensorReader;
import dev.m1.spi.DType;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightSource;
import dev.m1.spi.WeightTensor;
import java.lang.foreign.Arena;
import java.util.List;

/** Matrices as they are stored, in panels. Embeddings that are not the LM head too stay where they are mapped. */
final class PackedMatrices extends PanelMatrices<PackedMatrix> {
    private final Kernels kernels;
    private final WorkerPool pool;
    private final TensorReader embeddings;

    /**
     * Copies every matrix; each of the pool's threads takes a share of its rows.
     *
     * @throws OutOfMemoryError if they do not fit
     */
    PackedMatrices(ModelSpec spec, WeightSource source, Kernels kernels, WorkerPool pool) {
        this.kernels = kernels;
        this.pool = pool;
        embeddings = TensorReader.of(source.tensor(TensorRole.EMBEDDING, 0));
        load(spec, source, role -> multiplied(role, spec));
    }

    private static boolean multiplied(TensorRole role, ModelSpec spec) {
        return role != TensorRole.EMBEDDING || spec.tiedEmbeddings();
    }

    @Override
    PanelLinear<PackedMatrix> copy(WeightTensor stored, Arena memory) {
        PanelKernel<PackedMatrix> kernel = kernels.packed(stored.dtype());
        List<Integer> shape = stored.shape();
        PackedMatrix matrix = new PackedMatrix(shape.get(0), shape.get(1), stored.dtype(), kernel.width(), memory);
        pool.run((worker, begin, end) -> matrix.copy(stored, begin, end), matrix.panels(), 1);
        return new PanelLinear<>(kernel, matrix, null);
    }

    /** Bytes of all weights of a model: matrices as they are held here, the others as they are stored. */
    static long bytes(ModelSpec spec, WeightSource source, Kernels kernels) {
        long sum = source.totalBytes();
        for (TensorRole role : TensorRole.values()) {
            if (isMatrix(role, spec) && multiplied(role, spec)) {
                for (int layer = 0; layer < copies(role, spec); layer++) {
                    WeightTensor stored = source.tensor(role, layer);
                    DType type = stored.dtype();
                    List<Integer> shape = stored.shape();
                    sum += PackedMatrix.bytes(shape.get(0), shape.get(1), type, kernels.packed(type).width());
                    sum -= stored.elements() * type.bytes();
                }
            }
        }
        return sum;
    }

    @Override
    public TensorReader embeddings() {
        return embeddings;
    }
}
