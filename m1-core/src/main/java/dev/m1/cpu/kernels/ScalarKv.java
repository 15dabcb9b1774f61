package dev.m1.cpu.kernels;

import java.lang.foreign.MemorySegment;

/** The attention loops in plain Java, for either element type. */
class ScalarKv implements KvKernel {
    final KvLayout layout;
    private final KvElements elements;

    ScalarKv(KvLayout layout, KvElements elements) {
        this.layout = layout;
        this.elements = elements;
    }

    @Override
    public final void putKey(MemorySegment pool, long chunk, int token, float[] key, int from) {
        for (int d = 0; d < layout.headDim(); d++) {
            elements.put(pool, chunk, d * KvLayout.BLOCK + token, key[from + d]);
        }
    }

    @Override
    public final void putValue(MemorySegment pool, long chunk, int token, float[] value, int from) {
        for (int d = 0; d < layout.headDim(); d++) {
            elements.put(pool, chunk, token * layout.valueStride() + d, value[from + d]);
        }
    }

    @Override
    public void scores(
            MemorySegment pool, long chunk, float[] queries, float scale, float[] scores, int from, int stride) {
        int headDim = layout.headDim();
        for (int t = 0; t < KvLayout.BLOCK; t++) {
            for (int i = 0; i < KvLayout.QUERIES; i++) {
                float sum = 0;
                for (int d = 0; d < headDim; d++) {
                    sum = Math.fma(queries[i * headDim + d], elements.get(pool, chunk, d * KvLayout.BLOCK + t), sum);
                }
                scores[i * stride + from + t] = sum * scale;
            }
        }
    }

    @Override
    public void mix(MemorySegment pool, long chunk, int count, float[] weights, int from, int stride, float[] sums) {
        int valueStride = layout.valueStride();
        for (int t = 0; t < count; t++) {
            for (int d = 0; d < valueStride; d++) {
                float v = elements.get(pool, chunk, t * valueStride + d);
                for (int i = 0; i < KvLayout.QUERIES; i++) {
                    int to = i * valueStride + d;
                    sums[to] = Math.fma(weights[i * stride + from + t], v, sums[to]);
                }
            }
        }
    }
}
