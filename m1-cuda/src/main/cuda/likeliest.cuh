// The likeliest id of a row of logits, found while they are computed: one 64-bit number per row that only grows. Its upper
// half orders the logits, its lower half is the complement of the id, so of equal logits the lowest id wins, in whatever
// order they come.
#pragma once
#include "m1.cuh"

namespace m1 {

constexpr unsigned NOT_FINITE = 0xffffffffu; // above every finite logit
constexpr unsigned SIGN = 0x80000000u;

__device__ inline u64 likeliest_key(float logit, int id) {
    const unsigned bits = __float_as_uint(logit + 0.0f); // -0 becomes 0
    const unsigned magnitude = bits & ~SIGN;
    const unsigned order = magnitude >= 0x7f800000u ? NOT_FINITE : bits & SIGN ? ~bits : bits | SIGN;
    return (u64)order << 32 | (unsigned)~id;
}

__device__ inline bool is_finite(u64 key) { return key >> 32 != NOT_FINITE; }

__device__ inline int likeliest_id(u64 key) { return (int)~(unsigned)key; }

__device__ inline float likeliest_logit(u64 key) {
    const unsigned order = (unsigned)(key >> 32);
    return __uint_as_float(order & SIGN ? order & ~SIGN : ~order);
}

// Most blocks have nothing better than what is there already, and reading is cheaper than an atomic.
__device__ inline void keep_likeliest(u64 *to, u64 key) {
    if (key > __ldcg(to)) {
        atomicMax(to, key);
    }
}

// The largest of what lanes have that differ in the bits from `least` up to and including `most`.
__device__ inline u64 largest_key(u64 key, int least, int most) {
    for (int offset = least; offset <= most; offset <<= 1) {
        key = max(key, __shfl_xor_sync(ALL_LANES, key, offset));
    }
    return key;
}

} // namespace m1
