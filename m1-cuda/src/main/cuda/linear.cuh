// What the linear layers have in common, however they multiply.
#pragma once
#include "likeliest.cuh"

namespace m1 {

// What becomes of v = W x + b.
enum LinearMode { STORE = 0, ADD = 1, SILU_TIMES = 2 };

struct LinearShape {
    int ldw, ldx, ldy; // elements from row to row
    int n, k;          // rows and columns of W
    float eps;
    int mode;
};

__device__ inline float silu(float x) { return x / (1.0f + expf(-x)); }

// Writes the results of row pair (row, row + 1) for one token.
__device__ inline void linear_store(
    float first, float second, int row, long long token, const float *bias, float *y, const LinearShape &s) {
    const bool both = row + 1 < s.n;
    if (bias != nullptr) {
        first += bias[row];
        second += both ? bias[row + 1] : 0.0f;
    }
    float *to = y + token * s.ldy;
    if (s.mode == SILU_TIMES) {
        to[row / 2] = silu(first) * second;
        return;
    }
    if (s.mode == ADD) {
        first += to[row];
        second += both ? to[row + 1] : 0.0f;
    }
    to[row] = first;
    if (both) {
        to[row + 1] = second;
    }
}

} // namespace m1
