package dev.m1.cpu;

import dev.m1.cpu.kernels.Kernels;
import dev.m1.cpu.kernels.PanelLinear;
import dev.m1.cpu.kernels.Q8Matrix;
import dev.m1.cpu.kernels.Q8Rows;
import dev.m1.cpu.kernels.TensorReader;
import dev.m1.errors.CheckpointException;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightSource;
import dev.m1.spi.WeightTensor;
import java.lang.foreign.Arena;
import java.util.List;

/** All matrices of a model, embeddings too, rounded to 8 bits. */
final class Q8Matrices extends PanelMatrices<Q8Matrix> {
    private final Kernels kernels;
    private final WorkerPool pool;
    private final Q8Rows[] rows; // [workers]

    /**
     * Reads and rounds every matrix; each of the pool's threads takes a share of its rows.
     *
     * @throws CheckpointException naming the tensor and the place of a weight that is infinite or no number
     * @throws OutOfMemoryError if they do not fit
     */
    Q8Matrices(ModelSpec spec, WeightSource source, Kernels kernels, WorkerPool pool) {
        this.kernels = kernels;
        this.pool = pool;
        rows = Q8Rows.team(kernels, pool.size(), ScratchSize.longestInput(spec));
        load(spec, source, role -> true);
    }

    @Override
    PanelLinear<Q8Matrix> copy(WeightTensor tensor, Arena memory) {
        int outputs = tensor.shape().get(0);
        Q8Matrix matrix = Q8Rows.matrix(kernels, outputs, tensor.shape().get(1), memory);
        Q8Rows.Source stored = Q8Rows.source(kernels, tensor);
        pool.run((worker, begin, end) -> rows[worker].quantize(stored, matrix, begin, end), outputs, 1);
        return new PanelLinear<>(kernels.q8(), matrix, null);
    }

    /** Bytes of all weights of a model: matrices as they are held here, norms and biases as floats. */
    static long bytes(ModelSpec spec, Kernels kernels) {
        long sum = 0;
        for (TensorRole role : TensorRole.values()) {
            if (role.presentIn(spec)) {
                List<Integer> shape = role.shape(spec);
                long one = isMatrix(role, spec)
                        ? Q8Rows.bytes(kernels, shape.get(0), shape.get(1))
                        : (long) shape.get(0) * Float.BYTES;
                sum += one * copies(role, spec);
            }
        }
        return sum;
    }

    @Override
    public TensorReader embeddings() {
        return TensorReader.of(linear(TensorRole.EMBEDDING, 0).matrix());
    }
}
