// Reductions over a block of 1024 threads. Every thread gets the result; each begins with a barrier, so they may follow
// one another.
#pragma once
#include "m1.cuh"

namespace m1 {

constexpr int SAMPLING_THREADS = 1024;
constexpr int SAMPLING_WARPS = SAMPLING_THREADS / LANES;

struct Best {
    float value;
    int id; // -1: none yet
};

struct Better { // the larger one, of equals the lower id; a NaN never wins
    __device__ Best operator()(Best a, Best b) const {
        const bool other = b.id >= 0 && (a.id < 0 || b.value > a.value || (b.value == a.value && b.id < a.id));
        return other ? b : a;
    }
};

template <class T> struct Plus {
    __device__ T operator()(T a, T b) const { return a + b; }
};

template <class T> __device__ inline T from_lane(T mine, int offset) {
    return __shfl_xor_sync(ALL_LANES, mine, offset);
}

__device__ inline Best from_lane(Best mine, int offset) {
    return Best{__shfl_xor_sync(ALL_LANES, mine.value, offset), __shfl_xor_sync(ALL_LANES, mine.id, offset)};
}

template <class T, class Join> __device__ inline T warp_reduce(T mine, Join join) {
#pragma unroll
    for (int offset = LANES / 2; offset > 0; offset >>= 1) {
        mine = join(mine, from_lane(mine, offset));
    }
    return mine;
}

template <class T, class Join> __device__ inline T block_reduce(T mine, Join join) {
    __shared__ T warps[SAMPLING_WARPS];
    mine = warp_reduce(mine, join);
    __syncthreads();
    if (threadIdx.x % LANES == 0) {
        warps[threadIdx.x / LANES] = mine;
    }
    __syncthreads();
    return warp_reduce(warps[threadIdx.x % LANES], join);
}

} // namespace m1
