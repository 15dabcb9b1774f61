package dev.m1.cpu.kernels;

import dev.m1.spi.DType;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.WeightTensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The kernels with the Vector API, bit for bit those of {@link ScalarKernels}. Loaded only where {@code
 * jdk.incubator.vector} is resolved.
 */
final class VectorKernels implements Kernels {
    private static final int LENGTH = Species.WIDE.length();
    private static final int P = Projection.TILE_ROWS; // panel steps are P * 16 apart
    private static final int A = Projection.TILE_TOKENS; // activation steps are A * 16 apart

    @Override
    public String name() {
        return "Vector API, " + Species.WIDE.vectorBitSize() + "-bit";
    }

    @Override
    public Linear linear(WeightTensor matrix, float[] bias) {
        return matrix.dtype() == DType.BF16 ? new Bf16VectorLinear(matrix, bias) : new Linear(matrix, bias);
    }

    @Override
    public KvKernel kv(KvType type, KvLayout layout) {
        return switch (type) {
            case F32 -> new F32VectorKv(layout);
            case BF16 -> new Bf16VectorKv(layout);
        };
    }

    /**
     * Ten sums in registers; a pass over the steps for every group of lanes that one vector holds (two passes on AVX2,
     * one on AVX-512). Ten are also enough for the compiler to leave the loop as it is: it unrolls smaller ones and
     * then spills.
     */
    @Override
    public void tile(float[] panel, int p, float[] acts, int a, int steps, float[] lanes, int l) {
        for (int g = 0; g < Lanes.COUNT; g += LENGTH) {
            int to = l + g;
            FloatVector s00 = load(lanes, to);
            FloatVector s01 = load(lanes, to + 16);
            FloatVector s10 = load(lanes, to + 32);
            FloatVector s11 = load(lanes, to + 48);
            FloatVector s20 = load(lanes, to + 64);
            FloatVector s21 = load(lanes, to + 80);
            FloatVector s30 = load(lanes, to + 96);
            FloatVector s31 = load(lanes, to + 112);
            FloatVector s40 = load(lanes, to + 128);
            FloatVector s41 = load(lanes, to + 144);
            int pg = p + g;
            int ag = a + g;
            for (int k = 0; k < steps * Lanes.COUNT; k += Lanes.COUNT) {
                FloatVector a0 = load(acts, ag + A * k);
                FloatVector a1 = load(acts, ag + A * k + 16);
                FloatVector w = load(panel, pg + P * k);
                s00 = w.fma(a0, s00);
                s01 = w.fma(a1, s01);
                w = load(panel, pg + P * k + 16);
                s10 = w.fma(a0, s10);
                s11 = w.fma(a1, s11);
                w = load(panel, pg + P * k + 32);
                s20 = w.fma(a0, s20);
                s21 = w.fma(a1, s21);
                w = load(panel, pg + P * k + 48);
                s30 = w.fma(a0, s30);
                s31 = w.fma(a1, s31);
                w = load(panel, pg + P * k + 64);
                s40 = w.fma(a0, s40);
                s41 = w.fma(a1, s41);
            }
            s00.intoArray(lanes, to);
            s01.intoArray(lanes, to + 16);
            s10.intoArray(lanes, to + 32);
            s11.intoArray(lanes, to + 48);
            s20.intoArray(lanes, to + 64);
            s21.intoArray(lanes, to + 80);
            s30.intoArray(lanes, to + 96);
            s31.intoArray(lanes, to + 112);
            s40.intoArray(lanes, to + 128);
            s41.intoArray(lanes, to + 144);
        }
    }

    @Override
    public void sums(float[] lanes, int count) {
        for (int i = 0; i < count; i++) {
            int from = i * Lanes.COUNT;
            FloatVector low = quarter(lanes, from).add(quarter(lanes, from + 8));
            FloatVector high = quarter(lanes, from + 4).add(quarter(lanes, from + 12));
            low.add(high).intoArray(lanes, 4 * i); // behind what is still to be read
        }
        for (int i = 0; i < count; i++) {
            lanes[i] = (lanes[4 * i] + lanes[4 * i + 2]) + (lanes[4 * i + 1] + lanes[4 * i + 3]);
        }
    }

    private static FloatVector quarter(float[] lanes, int index) {
        return FloatVector.fromArray(FloatVector.SPECIES_128, lanes, index);
    }

    @Override
    public float sumOfSquares(float[] x, int from, int n, float[] lanes) {
        int whole = n & -Lanes.COUNT;
        for (int g = 0; g < Lanes.COUNT; g += LENGTH) {
            FloatVector sum = FloatVector.zero(Species.WIDE);
            for (int k = 0; k < whole; k += Lanes.COUNT) {
                FloatVector v = load(x, from + g + k);
                sum = v.fma(v, sum);
            }
            sum.intoArray(lanes, g);
        }
        for (int k = whole; k < n; k++) {
            lanes[k - whole] = Math.fma(x[from + k], x[from + k], lanes[k - whole]);
        }
        return Lanes.sum(lanes, 0);
    }

    @Override
    public float expSum(float[] scores, int from, int n, float[] lanes) {
        float max = max(scores, from, n);
        int vectors = n - n % LENGTH;
        for (int i = 0; i < vectors; i += LENGTH) {
            VectorExp.exp(load(scores, from + i).sub(max)).intoArray(scores, from + i);
        }
        for (int i = vectors; i < n; i++) {
            scores[from + i] = FloatExp.exp(scores[from + i] - max);
        }
        int whole = n & -Lanes.COUNT;
        for (int g = 0; g < Lanes.COUNT; g += LENGTH) {
            FloatVector sum = FloatVector.zero(Species.WIDE);
            for (int k = 0; k < whole; k += Lanes.COUNT) {
                sum = sum.add(load(scores, from + g + k));
            }
            sum.intoArray(lanes, g);
        }
        for (int k = whole; k < n; k++) {
            lanes[k - whole] += scores[from + k];
        }
        return Lanes.sum(lanes, 0);
    }

    private static float max(float[] x, int from, int n) {
        float max = Float.NEGATIVE_INFINITY;
        int i = 0;
        if (n >= LENGTH) {
            FloatVector m = load(x, from);
            for (i = LENGTH; i <= n - LENGTH; i += LENGTH) {
                m = m.max(load(x, from + i));
            }
            max = m.reduceLanes(VectorOperators.MAX); // a maximum does not depend on the order
        }
        for (; i < n; i++) {
            max = Math.max(max, x[from + i]);
        }
        return max;
    }

    @Override
    public void siluTimes(float[] x, int gate, int up, int n) {
        int vectors = n - n % LENGTH;
        for (int i = 0; i < vectors; i += LENGTH) {
            FloatVector g = load(x, gate + i);
            FloatVector divisor = VectorExp.exp(g.neg()).add(1);
            g.div(divisor).mul(load(x, up + i)).intoArray(x, gate + i);
        }
        for (int i = vectors; i < n; i++) {
            float g = x[gate + i];
            x[gate + i] = g / (1 + FloatExp.exp(-g)) * x[up + i];
        }
    }

    private static FloatVector load(float[] array, int index) {
        return FloatVector.fromArray(Species.WIDE, array, index);
    }
}
