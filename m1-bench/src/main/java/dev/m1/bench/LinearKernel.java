package dev.m1.bench;

import dev.m1.cpu.kernels.KernelSelection;
import dev.m1.cpu.kernels.Kernels;
import dev.m1.cpu.kernels.LaneProjection;
import dev.m1.cpu.kernels.LinearScratch;
import dev.m1.cpu.kernels.Projection;
import dev.m1.spi.DType;
import dev.m1.spi.WeightTensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.SplittableRandom;

/** {@code y = W x} on one thread with the CPU backend's kernels, proven against sums in double precision. */
final class LinearKernel implements AutoCloseable {
    private static final ValueLayout.OfShort BF16 = ValueLayout.JAVA_SHORT_UNALIGNED;
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final int LANES = 16; // partial sums of a dot product
    private static final double UNIT = 0x1p-24; // half an ulp of 1 in binary32
    private static final int CHECKED_ROWS =
            64; // rows proven of a matrix; every kernel path has seen all its tails by then

    private final Arena arena = Arena.ofShared();
    private final DType dtype;
    private final int rows;
    private final int columns;
    private final int tokens;
    private final MemorySegment weights; // [rows, columns]
    private final float[] x; // [tokens, columns]
    private final float[] y; // [tokens, rows]
    private final LinearScratch scratch;
    private final Projection projection;

    LinearKernel(DType dtype, int rows, int columns, int tokens) {
        this.dtype = dtype;
        this.rows = rows;
        this.columns = columns;
        this.tokens = tokens;
        weights = arena.allocate((long) rows * columns * dtype.bytes(), 64);
        SplittableRandom random = new SplittableRandom(1);
        for (long i = 0; i < (long) rows * columns; i++) {
            float value = (float) (random.nextDouble() - 0.5);
            if (dtype == DType.BF16) {
                weights.setAtIndex(BF16, i, (short) (Float.floatToRawIntBits(value) >>> 16));
            } else {
                weights.setAtIndex(F32, i, value);
            }
        }
        x = new float[tokens * columns];
        for (int i = 0; i < x.length; i++) {
            x[i] = (float) (random.nextDouble() - 0.5);
        }
        y = new float[tokens * rows];
        Kernels kernels = KernelSelection.best();
        WeightTensor matrix = new WeightTensor("benchmark", dtype, List.of(rows, columns), weights.asReadOnly());
        projection = new LaneProjection(kernels, List.of(kernels.linear(matrix, null)));
        scratch = LinearScratch.team(1, columns)[0];
        verify();
    }

    private double weight(int row, int column) {
        long i = (long) row * columns + column;
        return dtype == DType.BF16
                ? Float.intBitsToFloat(weights.getAtIndex(BF16, i) << 16)
                : weights.getAtIndex(F32, i);
    }

    /**
     * A product passes one rounding in each of its lane's steps and in each of the 4 levels of the sum over lanes
     * (Higham, Accuracy and Stability, 3.1): the error is at most {@code k u / (1 - k u)} times the sum of the
     * magnitudes. The reference's own error is 2^29 times smaller.
     */
    private void verify() {
        run();
        int steps = (columns + LANES - 1) / LANES + 5;
        double bound = steps * UNIT / (1 - steps * UNIT);
        int stride = Math.max(1, rows / CHECKED_ROWS);
        for (int t = 0; t < tokens; t++) {
            for (int row = 0; row < rows; row += stride) {
                double exact = 0;
                double magnitude = 0;
                for (int c = 0; c < columns; c++) {
                    double product = weight(row, c) * x[t * columns + c];
                    exact += product;
                    magnitude += Math.abs(product);
                }
                double error = Math.abs(y[t * rows + row] - exact);
                if (!(error <= bound * magnitude)) {
                    throw new IllegalStateException("row " + row + ", token " + t + ": " + y[t * rows + row]
                            + ", exactly " + exact + ", off by more than " + bound * magnitude);
                }
            }
        }
    }

    /** Computes all of {@code y}. */
    float[] run() {
        projection.apply(scratch, x, columns, tokens, y, rows, 0, rows, false);
        return y;
    }

    /** Bytes of the matrix. */
    double bytes() {
        return weights.byteSize();
    }

    double operations() {
        return 2.0 * rows * columns * tokens;
    }

    @Override
    public void close() {
        arena.close();
    }
}
