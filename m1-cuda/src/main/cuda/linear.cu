// Linear layers: y = W (x · gain) / rms(x) + bias, and what follows them.
//
// A warp computes 4 rows of W for up to 8 tokens. A lane takes every 32nd group of 8 columns, in ascending order, and
// the 32 sums are added in one fixed tree. So a result has the same bits for every number of tokens, and every weight
// is read once per 8 tokens. Weights come straight from memory, 16 bytes a lane; activations come through L1.
#include "linear.cuh"

namespace m1 {

constexpr int LINEAR_THREADS = 128;
constexpr int LINEAR_ROWS = 4; // of W, per warp; even, because gate/up and rotation pairs lie side by side
constexpr int LINEAR_GROUP = 8;
constexpr int LINEAR_AHEAD = 1024; // bytes of a row that are asked for while the kernel before still runs

// One group of columns, fully inside the row.
template <class W, int M>
__device__ inline void linear_group(
    const W *const w[LINEAR_ROWS], const float *const x[M], const float *gain, int i, float acc[LINEAR_ROWS][M],
    float squares[M]) {
    float weights[LINEAR_ROWS][LINEAR_GROUP];
#pragma unroll
    for (int r = 0; r < LINEAR_ROWS; r++) {
        load8(w[r] + i, weights[r]);
    }
    float gains[LINEAR_GROUP];
    if (gain != nullptr) {
        *reinterpret_cast<float4 *>(gains) = *reinterpret_cast<const float4 *>(gain + i);
        *reinterpret_cast<float4 *>(gains + 4) = *reinterpret_cast<const float4 *>(gain + i + 4);
    }
#pragma unroll
    for (int m = 0; m < M; m++) {
        float values[LINEAR_GROUP];
        *reinterpret_cast<float4 *>(values) = *reinterpret_cast<const float4 *>(x[m] + i);
        *reinterpret_cast<float4 *>(values + 4) = *reinterpret_cast<const float4 *>(x[m] + i + 4);
        if (gain != nullptr) {
#pragma unroll
            for (int j = 0; j < LINEAR_GROUP; j++) {
                squares[m] = fmaf(values[j], values[j], squares[m]);
                values[j] *= gains[j];
            }
        }
#pragma unroll
        for (int r = 0; r < LINEAR_ROWS; r++) {
#pragma unroll
            for (int j = 0; j < LINEAR_GROUP; j++) {
                acc[r][m] = fmaf(weights[r][j], values[j], acc[r][m]);
            }
        }
    }
}

// The last columns of a row whose length is no multiple of 8: the same operations, one column at a time.
template <class W, int M>
__device__ inline void linear_tail(
    const W *const w[LINEAR_ROWS], const float *const x[M], const float *gain, int i, int k,
    float acc[LINEAR_ROWS][M], float squares[M]) {
#pragma unroll 1
    for (int j = i; j < k; j++) {
#pragma unroll
        for (int m = 0; m < M; m++) {
            float value = x[m][j];
            if (gain != nullptr) {
                squares[m] = fmaf(value, value, squares[m]);
                value *= gain[j];
            }
#pragma unroll
            for (int r = 0; r < LINEAR_ROWS; r++) {
                acc[r][m] = fmaf(to_float(w[r][j]), value, acc[r][m]);
            }
        }
    }
}

// Grid (ceil(n / 16), ceil(tokens / M)), block 128.
template <class W, int M>
__device__ inline void linear(
    const W *weight,    // [n, ldw]
    const float *bias,  // [n] or null
    const float *x,     // [tokens, ldx]
    const int *gather,  // [tokens]: rows of x to take, or null: all in order
    const float *gain,  // [k] or null: no RMSNorm
    float *y,           // [tokens, ldy]
    const int *count,
    u64 *likeliest, // [tokens] or null: keeps the likeliest row of W for each token; without a bias
    const LinearShape &s) {
    const int lane = threadIdx.x % LANES;
    const int row = (blockIdx.x * (LINEAR_THREADS / LANES) + threadIdx.x / LANES) * LINEAR_ROWS;
    launch_dependents();
    prefetch_rows(
        weight + (long long)row * s.ldw, (long long)s.ldw * sizeof(W), min(s.n - row, LINEAR_ROWS),
        min(s.k * (int)sizeof(W), LINEAR_AHEAD), lane);
    dependency_wait();
    const int tokens = *count;
    const int first_token = blockIdx.y * M;
    if (first_token >= tokens || row >= s.n) {
        return; // whole warps
    }
    const W *w[LINEAR_ROWS];
#pragma unroll
    for (int r = 0; r < LINEAR_ROWS; r++) {
        w[r] = weight + (long long)min(row + r, s.n - 1) * s.ldw; // beyond the end: computed again, not stored
    }
    const float *from[M];
#pragma unroll
    for (int m = 0; m < M; m++) {
        const int token = min(first_token + m, tokens - 1);
        from[m] = x + (long long)(gather != nullptr ? gather[token] : token) * s.ldx;
    }

    float acc[LINEAR_ROWS][M] = {};
    float squares[M] = {};
    int i = lane * LINEAR_GROUP;
#pragma unroll 1
    for (; i + LINEAR_GROUP <= s.k; i += LANES * LINEAR_GROUP) {
        linear_group<W, M>(w, from, gain, i, acc, squares);
    }
    linear_tail<W, M>(w, from, gain, i, s.k, acc, squares);

    // Value m * 4 + r ends in the lanes whose upper bits are that number: row r and token m of each lane.
    float sums[M * LINEAR_ROWS];
#pragma unroll
    for (int m = 0; m < M; m++) {
#pragma unroll
        for (int r = 0; r < LINEAR_ROWS; r++) {
            sums[m * LINEAR_ROWS + r] = acc[r][m];
        }
    }
    float sum = spread_sums<M * LINEAR_ROWS>(sums, lane);
    if (gain != nullptr) {
        sum *= inverse_rms(spread_sums<M>(squares, lane), s.k, s.eps);
    }
    constexpr int COPIES = LANES / (M * LINEAR_ROWS); // lanes that have the same value
    const float next = __shfl_xor_sync(ALL_LANES, sum, COPIES); // of the other row of a pair
    const int token = first_token + lane / (COPIES * LINEAR_ROWS);
    const int pair = row + lane / COPIES % LINEAR_ROWS;
    if (lane % (2 * COPIES) == 0 && token < tokens && pair < s.n) {
        linear_store(sum, next, pair, token, bias, y, s);
    }
    if (likeliest != nullptr) {
        const u64 key = largest_key(pair < s.n ? likeliest_key(sum, pair) : 0, COPIES, 2 * COPIES);
        if (lane % (LINEAR_ROWS * COPIES) == 0 && token < tokens) {
            keep_likeliest(likeliest + token, key);
        }
    }
}

} // namespace m1

#define LINEAR(name, W, M)                                                                                             \
    extern "C" __global__ void __launch_bounds__(128)                                                                  \
        name(const W *__restrict__ weight, int ldw, const float *__restrict__ bias, const float *x,                    \
             int ldx, const int *__restrict__ gather, const float *__restrict__ gain, float eps,                       \
             float *__restrict__ y, int ldy, int n, int k, int mode, const int *__restrict__ count,                    \
             unsigned long long *__restrict__ likeliest, const __grid_constant__ m1::KvTarget kv) {                    \
        m1::linear<W, M>(                                                                                              \
            weight, bias, x, gather, gain, y, count, likeliest,                                                        \
            m1::LinearShape{ldw, ldx, ldy, n, k, eps, mode, &kv});                                                     \
    }                                                                                                                  \
    M1_KERNEL(name)

#define LINEAR_TILES(type, W)                                                                                          \
    LINEAR(m1_linear_##type##_m1, W, 1)                                                                                \
    LINEAR(m1_linear_##type##_m2, W, 2)                                                                                \
    LINEAR(m1_linear_##type##_m4, W, 4)                                                                                \
    LINEAR(m1_linear_##type##_m8, W, 8)

LINEAR_TILES(f32, float)
LINEAR_TILES(f16, m1::f16)
LINEAR_TILES(bf16, m1::bf16)
