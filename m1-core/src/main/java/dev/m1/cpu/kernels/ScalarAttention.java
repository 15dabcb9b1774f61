package dev.m1.cpu.kernels;

/** The attention loops in plain Java. */
record ScalarAttention(KvLayout layout) implements AttentionKernel {
    @Override
    public void scores(float[] keys, int k, float[] queries, int q, float scale, float[] scores, int to, int stride) {
        int headDim = layout.headDim();
        for (int t = 0; t < KvLayout.BLOCK; t++) {
            for (int i = 0; i < KvLayout.QUERIES; i++) {
                float sum = 0;
                for (int d = 0; d < headDim; d++) {
                    sum = Math.fma(queries[q + i * headDim + d], keys[k + d * KvLayout.BLOCK + t], sum);
                }
                scores[to + i * stride + t] = sum * scale;
            }
        }
    }

    @Override
    public void mix(float[] values, int count, float[] weights, int from, int stride, float[] sums, int to) {
        int valueStride = layout.valueStride();
        for (int t = 0; t < count; t++) {
            for (int d = 0; d < valueStride; d++) {
                float v = values[t * valueStride + d];
                for (int i = 0; i < KvLayout.QUERIES; i++) {
                    int sum = to + i * valueStride + d;
                    sums[sum] = Math.fma(weights[from + i * stride + t], v, sums[sum]);
                }
            }
        }
    }
}
