// Queries, keys and values after their projection, where that could not hand them on itself: head norms (Qwen3) need a
// whole head first.
#include "kv_target.cuh"

namespace m1 {

constexpr int ROPE_HEADS = 4; // heads, and warps, of a block

// Grid (tokens, ceil((heads + 2 * kvHeads) / 4)), block 128: a warp per head.
__device__ inline void rope_append(
    float *qkv, // [tokens, ldqkv]: queries, keys, values, pairs of the rotation side by side
    int ldqkv,
    const float *q_gain, // [headDim] in the same order, or null: no norm
    const float *k_gain, float eps, const KvTarget &to, const int *count) {
    const int t = blockIdx.x;
    const int lane = threadIdx.x % LANES;
    const int head = blockIdx.y * ROPE_HEADS + threadIdx.x / LANES;
    follow();
    if (t >= *count || head >= to.heads + 2 * to.kv_heads) {
        return; // whole warps
    }
    float *token = qkv + (long long)t * ldqkv;
    const float *from = token + head * to.head_dim;
    const float *gain = head < to.heads ? q_gain : head < to.heads + to.kv_heads ? k_gain : nullptr;
    float scale = 1.0f;
    if (gain != nullptr) {
        float squares = 0.0f;
        for (int i = lane; i < to.head_dim; i += LANES) {
            squares = fmaf(from[i], from[i], squares);
        }
        scale = inverse_rms(warp_sum(squares), to.head_dim, eps);
    }
#pragma unroll 1
    for (int i = 2 * lane; i < to.head_dim; i += 2 * LANES) {
        float a = from[i];
        float b = from[i + 1];
        if (gain != nullptr) {
            a = a * scale * gain[i];
            b = b * scale * gain[i + 1];
        }
        rotate_append(a, b, head, i, t, token, to);
    }
}

} // namespace m1

extern "C" __global__ void __launch_bounds__(128)
    m1_rope_append(float *qkv, int ldqkv, const float *__restrict__ q_gain, const float *__restrict__ k_gain, float eps,
                   const __grid_constant__ m1::KvTarget to, const int *__restrict__ count) {
    m1::rope_append(qkv, ldqkv, q_gain, k_gain, eps, to, count);
}
M1_KERNEL(m1_rope_append)
