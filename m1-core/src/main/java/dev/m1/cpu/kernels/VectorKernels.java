package dev.m1.cpu.kernels;

import dev.m1.spi.DType;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.WeightTensor;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * The kernels with the Vector API, bit for bit those of {@link ScalarKernels}. Loaded only where {@code
 * jdk.incubator.vector} is resolved.
 *
 * <p>No method of ours takes or returns a vector, here and in the other vector classes: the compiler may decline to
 * inline a method it has compiled before, however small, and every vector that crosses the call becomes an object then.
 * So the exponential of {@link FloatExp} stands here twice, operation by operation; bounds are comparisons and blends,
 * which take half of what {@code min} and {@code max} do, with their care for zeros and what is no number.
 *
 * <p>Offsets into memory outside of the heap are a long multiple of a sum of ints, {@code start + (base + k) * size},
 * though {@code base} could be part of {@code start}. Of an offset that is linear in its loop's counter the compiler
 * (JDK 25) makes a nest of loops, to test all accesses before them, and entering that costs more than a hundred cycles,
 * about what half a row takes; the sum might overflow, so each access is tested by itself, which costs next to nothing.
 */
final class VectorKernels implements Kernels {
    private static final int LENGTH = Species.WIDE.length();
    private static final int P = LaneProjection.TILE_ROWS; // panel steps are P * 16 apart
    private static final int A = LaneProjection.TILE_TOKENS; // activation steps are A * 16 apart

    @Override
    public String name() {
        return "Vector API, " + Species.WIDE.vectorBitSize() + "-bit";
    }

    @Override
    public Linear linear(WeightTensor matrix, float[] bias) {
        return matrix.dtype() == DType.BF16 ? new Bf16VectorLinear(matrix, bias) : new Linear(matrix, bias);
    }

    @Override
    public Q8Kernel q8() {
        return new Q8VectorKernel();
    }

    @Override
    public PanelKernel<PackedMatrix> packed(DType stored) {
        return stored == DType.BF16 ? new Bf16PanelVectorKernel() : new F32PanelVectorKernel();
    }

    @Override
    public KvStorage kv(KvType type, KvLayout layout) {
        return switch (type) {
            case F32 -> new KvStorage(layout, KvElements.F32);
            case BF16 -> new Bf16VectorStorage(layout);
        };
    }

    @Override
    public AttentionKernel attention(KvLayout layout) {
        return new VectorAttention(layout);
    }

    /**
     * Ten sums in registers; a pass over the steps for every group of lanes that one vector holds (two passes on AVX2,
     * one on AVX-512). Ten are also enough for the compiler to leave the loop as it is: it unrolls smaller ones and
     * then spills.
     */
    @Override
    public void tile(float[] memory, int panel, int acts, int steps, int lanes) {
        for (int g = 0; g < Lanes.COUNT; g += LENGTH) {
            int to = lanes + g;
            FloatVector s00 = FloatVector.fromArray(Species.WIDE, memory, to);
            FloatVector s01 = FloatVector.fromArray(Species.WIDE, memory, to + 16);
            FloatVector s10 = FloatVector.fromArray(Species.WIDE, memory, to + 32);
            FloatVector s11 = FloatVector.fromArray(Species.WIDE, memory, to + 48);
            FloatVector s20 = FloatVector.fromArray(Species.WIDE, memory, to + 64);
            FloatVector s21 = FloatVector.fromArray(Species.WIDE, memory, to + 80);
            FloatVector s30 = FloatVector.fromArray(Species.WIDE, memory, to + 96);
            FloatVector s31 = FloatVector.fromArray(Species.WIDE, memory, to + 112);
            FloatVector s40 = FloatVector.fromArray(Species.WIDE, memory, to + 128);
            FloatVector s41 = FloatVector.fromArray(Species.WIDE, memory, to + 144);
            int pg = panel + g;
            int ag = acts + g;
            for (int k = 0; k < steps * Lanes.COUNT; k += Lanes.COUNT) {
                FloatVector a0 = FloatVector.fromArray(Species.WIDE, memory, ag + A * k);
                FloatVector a1 = FloatVector.fromArray(Species.WIDE, memory, ag + A * k + 16);
                FloatVector w = FloatVector.fromArray(Species.WIDE, memory, pg + P * k);
                s00 = w.fma(a0, s00);
                s01 = w.fma(a1, s01);
                w = FloatVector.fromArray(Species.WIDE, memory, pg + P * k + 16);
                s10 = w.fma(a0, s10);
                s11 = w.fma(a1, s11);
                w = FloatVector.fromArray(Species.WIDE, memory, pg + P * k + 32);
                s20 = w.fma(a0, s20);
                s21 = w.fma(a1, s21);
                w = FloatVector.fromArray(Species.WIDE, memory, pg + P * k + 48);
                s30 = w.fma(a0, s30);
                s31 = w.fma(a1, s31);
                w = FloatVector.fromArray(Species.WIDE, memory, pg + P * k + 64);
                s40 = w.fma(a0, s40);
                s41 = w.fma(a1, s41);
            }
            s00.intoArray(memory, to);
            s01.intoArray(memory, to + 16);
            s10.intoArray(memory, to + 32);
            s11.intoArray(memory, to + 48);
            s20.intoArray(memory, to + 64);
            s21.intoArray(memory, to + 80);
            s30.intoArray(memory, to + 96);
            s31.intoArray(memory, to + 112);
            s40.intoArray(memory, to + 128);
            s41.intoArray(memory, to + 144);
        }
    }

    @Override
    public void fold(float[] memory, int from, int count) {
        for (int i = 0; i < count; i++) {
            int lanes = from + i * Lanes.COUNT;
            FloatVector low = FloatVector.fromArray(FloatVector.SPECIES_128, memory, lanes)
                    .add(FloatVector.fromArray(FloatVector.SPECIES_128, memory, lanes + 8));
            FloatVector high = FloatVector.fromArray(FloatVector.SPECIES_128, memory, lanes + 4)
                    .add(FloatVector.fromArray(FloatVector.SPECIES_128, memory, lanes + 12));
            low.add(high).intoArray(memory, from + 4 * i); // behind what is still to be read
        }
    }

    @Override
    public float sumOfSquares(float[] x, int from, int n, float[] lanes) {
        int whole = n & -Lanes.COUNT;
        for (int g = 0; g < Lanes.COUNT; g += LENGTH) {
            FloatVector sum = FloatVector.zero(Species.WIDE);
            for (int k = 0; k < whole; k += Lanes.COUNT) {
                FloatVector v = FloatVector.fromArray(Species.WIDE, x, from + g + k);
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
            FloatVector x = FloatVector.fromArray(Species.WIDE, scores, from + i).sub(max); // never above MAX
            x = x.blend(FloatExp.MIN, x.compare(VectorOperators.LT, FloatExp.MIN));
            FloatVector shifted = x.fma(
                    FloatVector.broadcast(Species.WIDE, FloatExp.LOG2_E),
                    FloatVector.broadcast(Species.WIDE, FloatExp.ROUND));
            FloatVector whole = shifted.sub(FloatExp.ROUND);
            FloatVector r = whole.fma(FloatVector.broadcast(Species.WIDE, -FloatExp.LN2_HIGH), x);
            r = whole.fma(FloatVector.broadcast(Species.WIDE, -FloatExp.LN2_LOW), r);
            FloatVector e = r.fma(
                    FloatVector.broadcast(Species.WIDE, FloatExp.C7), FloatVector.broadcast(Species.WIDE, FloatExp.C6));
            e = e.fma(r, FloatVector.broadcast(Species.WIDE, FloatExp.C5));
            e = e.fma(r, FloatVector.broadcast(Species.WIDE, FloatExp.C4));
            e = e.fma(r, FloatVector.broadcast(Species.WIDE, FloatExp.C3));
            e = e.fma(r, FloatVector.broadcast(Species.WIDE, FloatExp.C2));
            e = e.fma(r.mul(r), r).add(1);
            IntVector power = shifted.reinterpretAsInts().sub(FloatExp.ROUND_BITS);
            IntVector half = power.lanewise(VectorOperators.ASHR, 1);
            e = e.mul(half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            e = e.mul(
                    power.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            e.intoArray(scores, from + i);
        }
        for (int i = vectors; i < n; i++) {
            scores[from + i] = FloatExp.exp(scores[from + i] - max);
        }
        int whole = n & -Lanes.COUNT;
        for (int g = 0; g < Lanes.COUNT; g += 2 * LENGTH) {
            int second = Math.min(g + LENGTH, Lanes.COUNT - LENGTH); // the same ones where a vector holds all
            FloatVector sum0 = FloatVector.zero(Species.WIDE);
            FloatVector sum1 = sum0;
            for (int k = 0; k < whole; k += Lanes.COUNT) {
                sum0 = sum0.add(FloatVector.fromArray(Species.WIDE, scores, from + g + k));
                sum1 = sum1.add(FloatVector.fromArray(Species.WIDE, scores, from + second + k));
            }
            sum0.intoArray(lanes, g);
            sum1.intoArray(lanes, second);
        }
        for (int k = whole; k < n; k++) {
            lanes[k - whole] += scores[from + k];
        }
        return Lanes.sum(lanes, 0);
    }

    /** The largest element; where some are no numbers, perhaps another one: what is made of it is no number either. */
    private static float max(float[] x, int from, int n) {
        float max = Float.NEGATIVE_INFINITY;
        int i = 0;
        if (n >= 4 * LENGTH) {
            FloatVector m0 = FloatVector.fromArray(Species.WIDE, x, from);
            FloatVector m1 = m0;
            FloatVector m2 = m0;
            FloatVector m3 = m0;
            for (; i <= n - 4 * LENGTH; i += 4 * LENGTH) {
                FloatVector v = FloatVector.fromArray(Species.WIDE, x, from + i);
                m0 = m0.blend(v, v.compare(VectorOperators.GT, m0));
                v = FloatVector.fromArray(Species.WIDE, x, from + i + LENGTH);
                m1 = m1.blend(v, v.compare(VectorOperators.GT, m1));
                v = FloatVector.fromArray(Species.WIDE, x, from + i + 2 * LENGTH);
                m2 = m2.blend(v, v.compare(VectorOperators.GT, m2));
                v = FloatVector.fromArray(Species.WIDE, x, from + i + 3 * LENGTH);
                m3 = m3.blend(v, v.compare(VectorOperators.GT, m3));
            }
            max = m0.max(m1).max(m2.max(m3)).reduceLanes(VectorOperators.MAX); // does not depend on the order
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
            FloatVector g = FloatVector.fromArray(Species.WIDE, x, gate + i);
            FloatVector y = g.neg();
            y = y.blend(FloatExp.MIN, y.compare(VectorOperators.LT, FloatExp.MIN));
            y = y.blend(FloatExp.MAX, y.compare(VectorOperators.GT, FloatExp.MAX));
            FloatVector shifted = y.fma(
                    FloatVector.broadcast(Species.WIDE, FloatExp.LOG2_E),
                    FloatVector.broadcast(Species.WIDE, FloatExp.ROUND));
            FloatVector whole = shifted.sub(FloatExp.ROUND);
            FloatVector r = whole.fma(FloatVector.broadcast(Species.WIDE, -FloatExp.LN2_HIGH), y);
            r = whole.fma(FloatVector.broadcast(Species.WIDE, -FloatExp.LN2_LOW), r);
            FloatVector e = r.fma(
                    FloatVector.broadcast(Species.WIDE, FloatExp.C7), FloatVector.broadcast(Species.WIDE, FloatExp.C6));
            e = e.fma(r, FloatVector.broadcast(Species.WIDE, FloatExp.C5));
            e = e.fma(r, FloatVector.broadcast(Species.WIDE, FloatExp.C4));
            e = e.fma(r, FloatVector.broadcast(Species.WIDE, FloatExp.C3));
            e = e.fma(r, FloatVector.broadcast(Species.WIDE, FloatExp.C2));
            e = e.fma(r.mul(r), r).add(1);
            IntVector power = shifted.reinterpretAsInts().sub(FloatExp.ROUND_BITS);
            IntVector half = power.lanewise(VectorOperators.ASHR, 1);
            e = e.mul(half.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            e = e.mul(
                    power.sub(half).add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats());
            g.div(e.add(1)).mul(FloatVector.fromArray(Species.WIDE, x, up + i)).intoArray(x, gate + i);
        }
        for (int i = vectors; i < n; i++) {
            float g = x[gate + i];
            x[gate + i] = g / (1 + FloatExp.exp(-g)) * x[up + i];
        }
    }
}
