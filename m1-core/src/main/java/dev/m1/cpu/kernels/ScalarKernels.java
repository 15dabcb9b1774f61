package dev.m1.cpu.kernels;

import dev.m1.spi.DType;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.WeightTensor;

/**
 * The kernels in plain Java: what the Vector API must agree with, and what runs where it is absent. Slow without
 * hardware FMA.
 */
public final class ScalarKernels implements Kernels {
    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public Linear linear(WeightTensor matrix, float[] bias) {
        return new Linear(matrix, bias);
    }

    @Override
    public Q8Kernel q8() {
        return new Q8ScalarKernel();
    }

    @Override
    public PanelKernel<PackedMatrix> packed(DType stored) {
        return stored == DType.BF16 ? new PackedScalarKernel.OfBf16() : new PackedScalarKernel.OfF32();
    }

    @Override
    public KvStorage kv(KvType type, KvLayout layout) {
        return new KvStorage(layout, KvElements.of(type));
    }

    @Override
    public AttentionKernel attention(KvLayout layout) {
        return new ScalarAttention(layout);
    }

    @Override
    public void tile(float[] memory, int panel, int acts, int steps, int lanes) {
        for (int r = 0; r < LaneProjection.TILE_ROWS; r++) {
            for (int t = 0; t < LaneProjection.TILE_TOKENS; t++) {
                int to = lanes + (r * LaneProjection.TILE_TOKENS + t) * Lanes.COUNT;
                for (int g = 0; g < Lanes.COUNT; g += 8) {
                    eightLanes(memory, panel + r * Lanes.COUNT + g, acts + t * Lanes.COUNT + g, steps, to + g);
                }
            }
        }
    }

    private static void eightLanes(float[] memory, int p, int a, int steps, int l) {
        float s0 = memory[l];
        float s1 = memory[l + 1];
        float s2 = memory[l + 2];
        float s3 = memory[l + 3];
        float s4 = memory[l + 4];
        float s5 = memory[l + 5];
        float s6 = memory[l + 6];
        float s7 = memory[l + 7];
        for (int s = 0; s < steps; s++) {
            s0 = Math.fma(memory[p], memory[a], s0);
            s1 = Math.fma(memory[p + 1], memory[a + 1], s1);
            s2 = Math.fma(memory[p + 2], memory[a + 2], s2);
            s3 = Math.fma(memory[p + 3], memory[a + 3], s3);
            s4 = Math.fma(memory[p + 4], memory[a + 4], s4);
            s5 = Math.fma(memory[p + 5], memory[a + 5], s5);
            s6 = Math.fma(memory[p + 6], memory[a + 6], s6);
            s7 = Math.fma(memory[p + 7], memory[a + 7], s7);
            p += LaneProjection.TILE_ROWS * Lanes.COUNT;
            a += LaneProjection.TILE_TOKENS * Lanes.COUNT;
        }
        memory[l] = s0;
        memory[l + 1] = s1;
        memory[l + 2] = s2;
        memory[l + 3] = s3;
        memory[l + 4] = s4;
        memory[l + 5] = s5;
        memory[l + 6] = s6;
        memory[l + 7] = s7;
    }

    @Override
    public void fold(float[] memory, int from, int count) {
        for (int i = 0; i < count; i++) {
            int lanes = from + i * Lanes.COUNT;
            for (int j = 0; j < 4; j++) {
                memory[from + 4 * i + j] =
                        (memory[lanes + j] + memory[lanes + j + 8]) + (memory[lanes + j + 4] + memory[lanes + j + 12]);
            }
        }
    }

    @Override
    public float sumOfSquares(float[] x, int from, int n, float[] lanes) {
        clear(lanes);
        for (int i = 0; i < n; i++) {
            int lane = i % Lanes.COUNT;
            lanes[lane] = Math.fma(x[from + i], x[from + i], lanes[lane]);
        }
        return Lanes.sum(lanes, 0);
    }

    @Override
    public float expSum(float[] scores, int from, int n, float[] lanes) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = from; i < from + n; i++) {
            max = Math.max(max, scores[i]);
        }
        clear(lanes);
        for (int i = 0; i < n; i++) {
            float e = FloatExp.exp(scores[from + i] - max);
            scores[from + i] = e;
            lanes[i % Lanes.COUNT] += e;
        }
        return Lanes.sum(lanes, 0);
    }

    @Override
    public void siluTimes(float[] x, int gate, int up, int n) {
        for (int i = 0; i < n; i++) {
            float g = x[gate + i];
            x[gate + i] = g / (1 + FloatExp.exp(-g)) * x[up + i];
        }
    }

    static void clear(float[] lanes) {
        for (int i = 0; i < Lanes.COUNT; i++) {
            lanes[i] = 0;
        }
    }
}
