// From logits to ids.
#include "m1.cuh"

namespace m1 {

constexpr int SAMPLING_THREADS = 1024;

struct Best {
    float value;
    int id; // -1: none yet
};

// The larger one, of equals the lower id; a NaN never wins.
__device__ inline Best better(Best a, Best b) {
    if (b.id >= 0 && (a.id < 0 || b.value > a.value || (b.value == a.value && b.id < a.id))) {
        return b;
    }
    return a;
}

__device__ inline Best warp_best(Best mine) {
#pragma unroll
    for (int offset = LANES / 2; offset > 0; offset >>= 1) {
        const Best other{
            __shfl_xor_sync(ALL_LANES, mine.value, offset), __shfl_xor_sync(ALL_LANES, mine.id, offset)};
        mine = better(mine, other);
    }
    return mine;
}

// The best of a block of 1024 threads; every thread gets it.
__device__ inline Best block_best(Best mine) {
    __shared__ Best warps[SAMPLING_THREADS / LANES];
    mine = warp_best(mine);
    __syncthreads(); // earlier readers of `warps` are done
    if (threadIdx.x % LANES == 0) {
        warps[threadIdx.x / LANES] = mine;
    }
    __syncthreads();
    return warp_best(warps[threadIdx.x % LANES]);
}

__device__ inline int block_max(int mine) {
    __shared__ int warps[SAMPLING_THREADS / LANES];
#pragma unroll
    for (int offset = LANES / 2; offset > 0; offset >>= 1) {
        mine = max(mine, __shfl_xor_sync(ALL_LANES, mine, offset));
    }
    __syncthreads();
    if (threadIdx.x % LANES == 0) {
        warps[threadIdx.x / LANES] = mine;
    }
    __syncthreads();
    mine = warps[threadIdx.x % LANES];
#pragma unroll
    for (int offset = LANES / 2; offset > 0; offset >>= 1) {
        mine = max(mine, __shfl_xor_sync(ALL_LANES, mine, offset));
    }
    return mine;
}

} // namespace m1

// The likeliest id of every row, the lowest of equals, and the bits of the largest magnitude: from 0x7f800000 on, a
// logit is not finite. Grid (rows), block 1024.
extern "C" __global__ void __launch_bounds__(1024)
    m1_argmax(const float *__restrict__ logits, // [rows, ldl]
              int ldl, int vocab,
              int *__restrict__ best,         // [rows]
              int *__restrict__ largest_bits, // [rows]
              const int *__restrict__ count) {
    const int row = blockIdx.x;
    if (row >= *count) {
        return;
    }
    const float *from = logits + (long long)row * ldl;
    m1::Best mine{0.0f, -1};
    int largest = 0;
    for (int i = threadIdx.x; i < vocab; i += m1::SAMPLING_THREADS) {
        const float x = from[i];
        largest = max(largest, __float_as_int(x) & 0x7fffffff);
        if (x > mine.value || (mine.id < 0 && x == x)) {
            mine = m1::Best{x, i};
        }
    }
    mine = m1::block_best(mine);
    largest = m1::block_max(largest);
    if (threadIdx.x == 0) {
        best[row] = mine.id;
        largest_bits[row] = largest;
    }
}
M1_KERNEL(m1_argmax)
