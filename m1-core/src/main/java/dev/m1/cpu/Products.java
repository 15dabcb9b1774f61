package dev.m1.cpu;

import dev.m1.cpu.WorkerPool.Task;
import dev.m1.cpu.kernels.LinearScratch;
import dev.m1.cpu.kernels.Projection;
import dev.m1.cpu.kernels.Target;

/** Runs projections on all workers: of one block of tokens after another, activations are packed, then multiplied. */
final class Products {
    private final WorkerPool pool;
    private final LinearScratch[] scratch; // [workers]
    private final Target target = new Target();
    private final Task pack = this::pack;
    private final Task multiply = this::multiply;

    private Projection projection;
    private float[] x;
    private int xStride;
    private int first; // token of the block at hand
    private int tokens; // of the block at hand

    Products(WorkerPool pool, LinearScratch[] scratch) {
        this.pool = pool;
        this.scratch = scratch;
    }

    /**
     * {@code y = W x + b}, or {@code y += W x + b}.
     *
     * @param x {@code [tokens, xStride]}, of which the first {@code inputs} of each row are read
     * @param y {@code [tokens, outputs]}
     * @param accumulate whether the results are added to {@code y}
     */
    void run(Projection projection, float[] x, int xStride, int tokens, float[] y, boolean accumulate) {
        this.projection = projection;
        this.x = x;
        this.xStride = xStride;
        int outputs = projection.outputs();
        for (int b = 0; b < Projection.blocks(tokens); b++) {
            first = Projection.blockBegin(tokens, b);
            this.tokens = Projection.blockBegin(tokens, b + 1) - first;
            target.set(y, first * outputs, outputs, accumulate);
            pool.run(pack, this.tokens, projection.packUnit(this.tokens));
            pool.run(multiply, outputs, projection.outputUnit(this.tokens));
        }
    }

    private void pack(int worker, int begin, int end) {
        projection.pack(scratch[worker], x, first * xStride, xStride, tokens, begin, end);
    }

    private void multiply(int worker, int begin, int end) {
        projection.multiply(scratch[worker], tokens, target, begin, end);
    }
}
