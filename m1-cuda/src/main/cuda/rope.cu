// Queries, keys and values after their projection: head norms (Qwen3), rotation, and keys and values into the cache.
#include "m1.cuh"

namespace m1 {

constexpr int ROPE_HEADS = 4; // heads, and warps, of a block

// Normalises (gain not null) and rotates a head of pairs (element i, element i + headDim / 2) and hands each on.
template <class Store>
__device__ inline void rotate(
    const float *head,  // [headDim], paired
    const float *gain,  // [headDim], paired, or null
    const float *angle, // [headDim / 2, 2]: cosine and sine at this position
    float eps, int head_dim, int lane, Store put) {
    float scale = 1.0f;
    if (gain != nullptr) {
        float squares = 0.0f;
        for (int i = lane; i < head_dim; i += LANES) {
            squares = fmaf(head[i], head[i], squares);
        }
        scale = inverse_rms(warp_sum(squares), head_dim, eps);
    }
    for (int i = 2 * lane; i < head_dim; i += 2 * LANES) {
        float a = head[i] * scale;
        float b = head[i + 1] * scale;
        if (gain != nullptr) {
            a *= gain[i];
            b *= gain[i + 1];
        }
        const float cosine = angle[i];
        const float sine = angle[i + 1];
        put(i, a * cosine - b * sine);
        put(i + 1, b * cosine + a * sine);
    }
}

// Grid (tokens, ceil((heads + 2 * kvHeads) / 4)), block 128: a warp per head.
template <class KV>
__device__ inline void rope_append(
    float *qkv, // [tokens, ldqkv]: queries, keys, values
    int ldqkv, const float *q_gain, const float *k_gain, float eps,
    const float *rope, // [positions, headDim / 2, 2]
    const int *positions, const int *token_row, const int *block_tables, int table_stride,
    KV *pool, // [pages, layers, 2, kvHeads, PAGE, hd8]
    long long page_stride, long long layer_offset, int heads, int kv_heads, int head_dim, const int *count) {
    const int t = blockIdx.x;
    const int lane = threadIdx.x % LANES;
    const int head = blockIdx.y * ROPE_HEADS + threadIdx.x / LANES;
    if (t >= *count || head >= heads + 2 * kv_heads) {
        return; // whole warps
    }
    float *from = qkv + (long long)t * ldqkv + head * head_dim;
    const int position = positions[t];
    const float *angle = rope + (long long)position * head_dim;
    if (head < heads) {
        rotate(from, q_gain, angle, eps, head_dim, lane, [=](int i, float v) { from[i] = v; });
        return;
    }
    const int stride = (head_dim + 7) / 8 * 8;
    const int page = block_tables[(long long)token_row[t] * table_stride + position / PAGE];
    const int slot = head - heads; // kvHeads heads of keys, then as many of values, as in the page
    KV *to = pool + page * page_stride + layer_offset + ((long long)slot * PAGE + position % PAGE) * stride;
    if (slot < kv_heads) {
        rotate(from, k_gain, angle, eps, head_dim, lane, [=](int i, float v) { store(to + i, v); });
    } else {
        for (int i = lane; i < head_dim; i += LANES) {
            store(to + i, from[i]);
        }
    }
    for (int i = head_dim + lane; i < stride; i += LANES) {
        store(to + i, 0.0f);
    }
}

} // namespace m1

#define ROPE_APPEND(name, KV)                                                                                          \
    extern "C" __global__ void __launch_bounds__(128)                                                                  \
        name(float *__restrict__ qkv, int ldqkv, const float *__restrict__ q_gain, const float *__restrict__ k_gain,   \
             float eps, const float *__restrict__ rope, const int *__restrict__ positions,                             \
             const int *__restrict__ token_row, const int *__restrict__ block_tables, int table_stride,                \
             KV *__restrict__ pool, long long page_stride, long long layer_offset, int heads, int kv_heads,            \
             int head_dim, const int *__restrict__ count) {                                                            \
        m1::rope_append<KV>(qkv, ldqkv, q_gain, k_gain, eps, rope, positions, token_row, block_tables, table_stride,   \
                            pool, page_stride, layer_offset, heads, kv_heads, head_dim, count);                        \
    }                                                                                                                  \
    M1_KERNEL(name)

ROPE_APPEND(m1_rope_append_f32, float)
ROPE_APPEND(m1_rope_append_bf16, m1::bf16)
