// What the linear layers have in common, however they multiply.
#pragma once
#include "kv_target.cuh"
#include "likeliest.cuh"

namespace m1 {

// What becomes of v = W x + b. ROTATE_APPEND: v is queries, keys and values, see rotate_append.
enum LinearMode { STORE = 0, ADD = 1, SILU_TIMES = 2, ROTATE_APPEND = 3 };

struct LinearShape {
    int ldw, ldx, ldy; // elements from row to row
    int n, k;          // rows and columns of W
    float eps;
    int mode;
    const KvTarget *kv; // of ROTATE_APPEND
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
    if (s.mode == ROTATE_APPEND) {
        const int head = row / s.kv->head_dim;
        rotate_append(first, second, head, row - head * s.kv->head_dim, token, to, *s.kv);
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
