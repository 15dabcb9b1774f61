package dev.m1.cpu;

import dev.m1.cpu.kernels.Kernels;
import dev.m1.cpu.kernels.Projection;
import dev.m1.cpu.kernels.Q8Linear;
import dev.m1.cpu.kernels.Q8Matrix;
import dev.m1.cpu.kernels.Q8Projection;
import dev.m1.cpu.kernels.Q8Rows;
import dev.m1.cpu.kernels.TensorReader;
import dev.m1.errors.CheckpointException;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightSource;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * All matrices of a model rounded to 8 bits, outside the Java heap. Embeddings that are the LM head as well are there
 * once.
 */
final class Q8Matrices implements Matrices {
    private final Kernels kernels;
    private final Arena arena = Arena.ofShared();
    private final Map<TensorRole, List<Q8Matrix>> matrices = new EnumMap<>(TensorRole.class);

    /**
     * Reads and rounds every matrix; each of the pool's threads takes a share of its rows.
     *
     * @throws CheckpointException naming the tensor and the place of a weight that is infinite or no number
     * @throws OutOfMemoryError if they do not fit
     */
    Q8Matrices(ModelSpec spec, WeightSource source, Kernels kernels, WorkerPool pool) {
        this.kernels = kernels;
        try {
            Q8Rows[] rows = Q8Rows.team(kernels, pool.size(), ScratchSize.longestInput(spec));
            for (TensorRole role : TensorRole.values()) {
                if (isMatrix(role, spec)) {
                    int outputs = role.shape(spec).get(0);
                    List<Q8Matrix> ofRole = new ArrayList<>();
                    for (int layer = 0; layer < copies(role, spec); layer++) {
                        Q8Matrix matrix = Q8Rows.matrix(kernels, outputs, role.shape(spec).get(1), arena);
                        Q8Rows.Source stored = Q8Rows.source(kernels, source.tensor(role, layer));
                        pool.run((worker, begin, end) -> rows[worker].quantize(stored, matrix, begin, end), outputs, 1);
                        ofRole.add(matrix);
                    }
                    matrices.put(role, ofRole);
                }
            }
        } catch (Throwable t) {
            arena.close();
            throw t;
        }
    }

    private static boolean isMatrix(TensorRole role, ModelSpec spec) {
        return role.presentIn(spec) && role.shape(spec).size() == 2;
    }

    private static int copies(TensorRole role, ModelSpec spec) {
        return role.perLayer() ? spec.layers() : 1;
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

    private Q8Matrix matrix(TensorRole role, int layer) {
        return matrices.get(role).get(role.perLayer() ? layer : 0);
    }

    @Override
    public Projection projection(int layer, Biased... linears) {
        List<Q8Linear> parts = new ArrayList<>();
        for (Biased linear : linears) {
            parts.add(new Q8Linear(matrix(linear.matrix(), layer), linear.bias()));
        }
        return new Q8Projection(kernels, parts);
    }

    @Override
    public TensorReader embeddings() {
        return TensorReader.of(matrix(TensorRole.EMBEDDING, 0));
    }

    @Override
    public void close() {
        arena.close();
    }
}
