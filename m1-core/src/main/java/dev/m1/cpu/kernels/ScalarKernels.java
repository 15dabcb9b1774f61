package dev.m1.cpu.kernels;

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
    public KvKernel kv(KvType type, KvLayout layout) {
        return new ScalarKv(layout, KvElements.of(type));
    }

    @Override
    public void tile(float[] panel, int p, float[] acts, int a, int steps, float[] lanes, int l) {
        for (int r = 0; r < Projection.TILE_ROWS; r++) {
            for (int t = 0; t < Projection.TILE_TOKENS; t++) {
                int to = l + (r * Projection.TILE_TOKENS + t) * Lanes.COUNT;
                for (int g = 0; g < Lanes.COUNT; g += 8) {
                    eightLanes(panel, p + r * Lanes.COUNT + g, acts, a + t * Lanes.COUNT + g, steps, lanes, to + g);
                }
            }
        }
    }

    private static void eightLanes(float[] panel, int p, float[] acts, int a, int steps, float[] lanes, int l) {
        float s0 = lanes[l];
        float s1 = lanes[l + 1];
        float s2 = lanes[l + 2];
        float s3 = lanes[l + 3];
        float s4 = lanes[l + 4];
        float s5 = lanes[l + 5];
        float s6 = lanes[l + 6];
        float s7 = lanes[l + 7];
        for (int s = 0; s < steps; s++) {
            s0 = Math.fma(panel[p], acts[a], s0);
            s1 = Math.fma(panel[p + 1], acts[a + 1], s1);
            s2 = Math.fma(panel[p + 2], acts[a + 2], s2);
            s3 = Math.fma(panel[p + 3], acts[a + 3], s3);
            s4 = Math.fma(panel[p + 4], acts[a + 4], s4);
            s5 = Math.fma(panel[p + 5], acts[a + 5], s5);
            s6 = Math.fma(panel[p + 6], acts[a + 6], s6);
            s7 = Math.fma(panel[p + 7], acts[a + 7], s7);
            p += Projection.TILE_ROWS * Lanes.COUNT;
            a += Projection.TILE_TOKENS * Lanes.COUNT;
        }
        lanes[l] = s0;
        lanes[l + 1] = s1;
        lanes[l + 2] = s2;
        lanes[l + 3] = s3;
        lanes[l + 4] = s4;
        lanes[l + 5] = s5;
        lanes[l + 6] = s6;
        lanes[l + 7] = s7;
    }

    @Override
    public void sums(float[] lanes, int count) {
        for (int i = 0; i < count; i++) {
            lanes[i] = Lanes.sum(lanes, i * Lanes.COUNT);
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
