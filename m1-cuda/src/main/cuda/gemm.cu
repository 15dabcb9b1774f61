// Around a matrix product that a library computes: activations in the bfloat16 parts that it multiplies, and what
// becomes of its result. The product's rows are the tokens from `first` on; rows without a token are zero.
#include "linear.cuh"
#include "mma.cuh"

namespace m1 {

constexpr int GEMM_THREADS = 256;

// Sum over the block, in a fixed order; every thread gets it.
__device__ inline float gemm_block_sum(float x) {
    __shared__ float warps[GEMM_THREADS / LANES];
    x = warp_sum(x);
    if (threadIdx.x % LANES == 0) {
        warps[threadIdx.x / LANES] = x;
    }
    __syncthreads();
    float sum = 0.0f;
#pragma unroll
    for (int i = 0; i < GEMM_THREADS / LANES; i++) {
        sum += warps[i];
    }
    return sum;
}

// The sum of the P parts is x, or x · gain / rms(x): exactly for three parts, rounded to bfloat16 for one. Zeros beyond
// k. Grid (rows), block 256.
template <int P>
__device__ inline void gemm_parts(
    const float *x,    // [tokens, ldx]
    int ldx,
    const float *gain, // [k] or null: no RMSNorm
    float eps,
    bf16 *parts, // [P, rows, ldp], P blocks of part_stride elements
    int ldp, long long part_stride, int k, int first, const int *count) {
    follow();
    const int token = first + blockIdx.x;
    const bool present = token < *count;
    const float *from = x + (long long)token * ldx;
    float scale = 1.0f;
    if (present && gain != nullptr) { // the same for all threads
        float squares = 0.0f;
        for (int i = threadIdx.x; i < k; i += GEMM_THREADS) {
            squares = fmaf(from[i], from[i], squares);
        }
        scale = inverse_rms(gemm_block_sum(squares), k, eps);
    }
    bf16 *to = parts + (long long)blockIdx.x * ldp;
    for (int i = 2 * threadIdx.x; i < ldp; i += 2 * GEMM_THREADS) {
        float v[2] = {};
#pragma unroll
        for (int j = 0; j < 2; j++) {
            if (present && i + j < k) {
                v[j] = gain != nullptr ? from[i + j] * scale * gain[i + j] : from[i + j];
            }
        }
        unsigned words[P];
        split<P>(v[0], v[1], words);
#pragma unroll
        for (int p = 0; p < P; p++) {
            *reinterpret_cast<unsigned *>(to + p * part_stride + i) = words[p];
        }
    }
}

// Hands the product on as a linear layer does, see linear_store. Grid (rows, ceil(n / 512)), block 256: a thread two
// neighbours.
__device__ inline void gemm_finish(
    const float *product, // [rows, ldp]
    int ldp,
    const float *bias, // [n] or null
    float *y,          // [tokens, ldy]
    int first, const int *count, const LinearShape &s) {
    follow();
    const int token = first + blockIdx.x;
    const int row = 2 * (blockIdx.y * GEMM_THREADS + threadIdx.x); // of W
    if (token >= *count || row >= s.n) {
        return;
    }
    const float2 v = *reinterpret_cast<const float2 *>(product + (long long)blockIdx.x * ldp + row);
    linear_store(v.x, v.y, row, token, bias, y, s);
}

} // namespace m1

#define GEMM_PARTS(name, P)                                                                                            \
    extern "C" __global__ void __launch_bounds__(256)                                                                  \
        name(const float *x, int ldx, const float *__restrict__ gain, float eps,                                       \
             m1::bf16 *__restrict__ parts, int ldp, long long part_stride, int k, int first,                           \
             const int *__restrict__ count) {                                                                          \
        m1::gemm_parts<P>(x, ldx, gain, eps, parts, ldp, part_stride, k, first, count);                                \
    }                                                                                                                  \
    M1_KERNEL(name)

GEMM_PARTS(m1_gemm_parts_p1, 1)
GEMM_PARTS(m1_gemm_parts_p3, m1::PARTS)

extern "C" __global__ void __launch_bounds__(256)
    m1_gemm_finish(const float *product, int ldp, const float *__restrict__ bias, float *__restrict__ y,
                   int ldy, int n, int mode, int first, const int *__restrict__ count,
                   const __grid_constant__ m1::KvTarget kv) {
    m1::gemm_finish(product, ldp, bias, y, first, count, m1::LinearShape{0, 0, ldy, n, 0, 0.0f, mode, &kv});
}
M1_KERNEL(m1_gemm_finish)
