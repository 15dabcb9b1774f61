// What every kernel includes. Under nvcc this is CUDA; with M1_HOST_EMULATION the same kernels are compiled by a C++
// compiler, and a test-only header plays the device.
//
// Rules for kernels, so that both builds and every bucket give the same bits:
//  - compiled without contraction (-fmad=false): a fused multiply-add is one that says fmaf;
//  - no float atomics; no order of summation that depends on how many tokens a step has;
//  - metadata (counts, positions, block tables) is read from device memory, so that a graph depends on its bucket only;
//  - device functions are `inline`, not `static`: what nvcc writes then does not depend on where the file lies;
//  - what needs inline PTX is wrapped here.
#pragma once
#ifdef M1_HOST_EMULATION
#include "device.h"
#else
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <stdint.h>
#define M1_KERNEL(name) // the emulation registers a kernel here
#define M1_DYNAMIC_SHARED(type, name)                                                                                  \
    extern __shared__ __align__(16) unsigned char m1_dynamic_shared[];                                                 \
    type *name = reinterpret_cast<type *>(m1_dynamic_shared)
#endif
#include "dependency.cuh"

namespace m1 {

using bf16 = __nv_bfloat16;
using f16 = __half;
using u64 = unsigned long long;

constexpr int LANES = 32;
constexpr unsigned ALL_LANES = 0xffffffffu;
constexpr int PAGE = 64; // tokens in a page of the KV cache

__device__ inline float to_float(float x) { return x; }
__device__ inline float to_float(bf16 x) { return __bfloat162float(x); }
__device__ inline float to_float(f16 x) { return __half2float(x); }

__device__ inline void store(float *to, float x) { *to = x; }
__device__ inline void store(bf16 *to, float x) { *to = __float2bfloat16(x); } // to nearest, ties to even

// 16 bytes that are read once: they should not push reused lines out of the caches.
__device__ inline uint4 load_streaming(const void *from) {
#ifdef M1_HOST_EMULATION
    return *static_cast<const uint4 *>(from);
#else
    uint4 v;
    asm("ld.global.nc.L1::no_allocate.v4.u32 {%0, %1, %2, %3}, [%4];"
        : "=r"(v.x), "=r"(v.y), "=r"(v.z), "=r"(v.w)
        : "l"(__cvta_generic_to_global(from)));
    return v;
#endif
}

// Eight consecutive weights as floats; `from` is a multiple of 8 elements into a 16-byte aligned row.
__device__ inline void load8(const float *from, float to[8]) {
    uint4 a = load_streaming(from), b = load_streaming(from + 4);
    const unsigned bits[8] = {a.x, a.y, a.z, a.w, b.x, b.y, b.z, b.w};
#pragma unroll
    for (int i = 0; i < 8; i++) {
        to[i] = __uint_as_float(bits[i]);
    }
}

__device__ inline void load8(const bf16 *from, float to[8]) {
    uint4 a = load_streaming(from);
    const unsigned bits[4] = {a.x, a.y, a.z, a.w};
#pragma unroll
    for (int i = 0; i < 4; i++) {
        to[2 * i] = __uint_as_float(bits[i] << 16); // a bfloat16 is the upper half of a float
        to[2 * i + 1] = __uint_as_float(bits[i] & 0xffff0000u);
    }
}

__device__ inline void load8(const f16 *from, float to[8]) {
    uint4 a = load_streaming(from);
    const unsigned bits[4] = {a.x, a.y, a.z, a.w};
#pragma unroll
    for (int i = 0; i < 4; i++) {
        to[2 * i] = __half2float(__ushort_as_half((unsigned short)(bits[i] & 0xffffu)));
        to[2 * i + 1] = __half2float(__ushort_as_half((unsigned short)(bits[i] >> 16)));
    }
}

// Sum over a warp; every lane gets it, with the same bits.
__device__ inline float warp_sum(float x) {
#pragma unroll
    for (int offset = LANES / 2; offset > 0; offset >>= 1) {
        x += __shfl_xor_sync(ALL_LANES, x, offset);
    }
    return x;
}

// Sums of N values over a warp, N a power of two: lane l gets that of value l / (32 / N). The same additions as N times
// warp_sum, with fewer exchanges: while there are several values, a lane hands on half of them.
template <int N, int OFFSET = LANES / 2> __device__ inline float spread_sums(float *values, int lane) {
    if constexpr (N > 1) {
        const bool upper = lane & OFFSET;
#pragma unroll
        for (int i = 0; i < N / 2; i++) {
            const float give = upper ? values[i] : values[i + N / 2];
            const float keep = upper ? values[i + N / 2] : values[i];
            values[i] = keep + __shfl_xor_sync(ALL_LANES, give, OFFSET);
        }
        return spread_sums<N / 2, OFFSET / 2>(values, lane);
    } else {
        float sum = values[0];
#pragma unroll
        for (int offset = OFFSET; offset > 0; offset >>= 1) {
            sum += __shfl_xor_sync(ALL_LANES, sum, offset);
        }
        return sum;
    }
}

__device__ inline float warp_max(float x) {
#pragma unroll
    for (int offset = LANES / 2; offset > 0; offset >>= 1) {
        x = fmaxf(x, __shfl_xor_sync(ALL_LANES, x, offset));
    }
    return x;
}

// 1 / RMS of n elements with this sum of squares.
__device__ inline float inverse_rms(float squares, int n, float eps) { return 1.0f / sqrtf(squares / n + eps); }

} // namespace m1
