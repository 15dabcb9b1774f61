// What a draw is made of: sort keys, weights and random bits, each the same bit for bit as in the Java package
// dev.m1.sampling (MassThreshold, TokenWeight, Philox).
#pragma once
#include "m1.cuh"

namespace m1 {

// A signed int that sorts like the float, -0 beside +0.
__device__ inline int key_of(float x) {
    const int bits = __float_as_int(x + 0.0f);
    return bits ^ (bits >> 31 & 0x7fffffff);
}

__device__ inline float value_of(int key) { return __int_as_float(key ^ (key >> 31 & 0x7fffffff)); }

constexpr int WEIGHT_SHIFT = 40;

// exp(x) for x <= 0 in units of 2^-40; additions and multiplications of doubles in a fixed order, nothing fused.
__device__ inline u64 token_weight(double x) {
    const double bounded = x > -32.0 ? x : -32.0;
    const double k = rint(bounded * 1.4426950408889634);
    const double r = bounded - k * 0x1.62e42feep-1 - k * 0x1.a39ef35793c76p-33;
    const double r2 = r * r;
    const double r4 = r2 * r2;
    const double low = (1.0 + r) + (1.0 / 2 + r * (1.0 / 6)) * r2;
    const double middle = (1.0 / 24 + r * (1.0 / 120)) + (1.0 / 720 + r * (1.0 / 5040)) * r2;
    const double high = (1.0 / 40320 + r * (1.0 / 362880)) + (1.0 / 3628800 + r * (1.0 / 39916800)) * r2;
    const double exp = low + (middle + high * r4) * r4;
    const double scale = __longlong_as_double(((long long)k + WEIGHT_SHIFT + 1023) << 52);
    return (u64)(exp * scale + 0.5);
}

// Words 0 and 1 of Philox4x32-10 for counter (position, 0, sample) and this key.
__device__ inline u64 random_bits(u64 seed, u64 sample, int position) {
    unsigned c0 = position, c1 = 0, c2 = (unsigned)sample, c3 = (unsigned)(sample >> 32);
    unsigned k0 = (unsigned)seed, k1 = (unsigned)(seed >> 32);
#pragma unroll 1
    for (int round = 0; round < 10; round++) {
        const u64 product0 = (u64)0xD2511F53u * c0;
        const u64 product1 = (u64)0xCD9E8D57u * c2;
        c0 = (unsigned)(product1 >> 32) ^ c1 ^ k0;
        c1 = (unsigned)product1;
        c2 = (unsigned)(product0 >> 32) ^ c3 ^ k1;
        c3 = (unsigned)product0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return c0 | (u64)c1 << 32;
}

} // namespace m1
