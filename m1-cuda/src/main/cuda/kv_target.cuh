// Where queries, keys and values go once they are projected: queries and keys rotated, keys and values into the cache.
#pragma once
#include "m1.cuh"

namespace m1 {

// What the launchers' KvTarget lays out, for one layer. A parameter of this type is a __grid_constant__ and handed on
// by address: a copy would keep all of it in registers from a kernel's beginning on, for the few lines at its end.
struct KvTarget {
    const float *rope;       // [positions, headDim / 2, 2]: cosines and sines
    const int *positions;    // [tokens]
    const int *token_row;    // [tokens]
    const int *block_tables; // [rows, table_stride]
    void *pool;              // [pages, layers, 2, kv_heads, PAGE, head_dim rounded up to 8]
    long long page_stride;   // elements, as the next
    long long layer_offset;
    int table_stride;
    int heads, kv_heads, head_dim;
    int is_bf16; // whether the pool holds bfloat16 and not floats
};

// Two neighbours, the first at an even place.
__device__ inline void store_pair(float *to, float a, float b) { *reinterpret_cast<float2 *>(to) = make_float2(a, b); }

__device__ inline void store_pair(bf16 *to, float a, float b) {
    *reinterpret_cast<unsigned *>(to) =
        __bfloat16_as_ushort(__float2bfloat16(a)) | (unsigned)__bfloat16_as_ushort(__float2bfloat16(b)) << 16;
}

// A pair into the cache; behind a head's last one, zeros up to its stride.
template <class KV> __device__ inline void append(KV *to, float a, float b, int left, int padding) {
    store_pair(to, a, b);
    if (left == 2) {
#pragma unroll 1
        for (int i = 0; i < padding; i += 2) {
            store_pair(to + 2 + i, 0.0f, 0.0f);
        }
    }
}

// Hands on elements `at` and `at + 1` of a token's head, a pair of the rotation. Heads are counted over queries, keys
// and values.
__device__ inline void rotate_append(
    float a, float b, int head, int at, long long token,
    float *q, // [heads, headDim], this token's
    const KvTarget &to) {
    const int position = to.positions[token];
    const int slot = head - to.heads; // kvHeads heads of keys, then as many of values, as in a page
    if (slot < to.kv_heads) {
        const float2 angle = *reinterpret_cast<const float2 *>(to.rope + (long long)position * to.head_dim + at);
        const float rotated = a * angle.x - b * angle.y;
        b = b * angle.x + a * angle.y;
        a = rotated;
    }
    if (slot < 0) {
        store_pair(q + head * to.head_dim + at, a, b);
        return;
    }
    const int stride = (to.head_dim + 7) / 8 * 8;
    const int page = to.block_tables[(long long)to.token_row[token] * to.table_stride + position / PAGE];
    const long long place =
        page * to.page_stride + to.layer_offset + ((long long)slot * PAGE + position % PAGE) * stride + at;
    if (to.is_bf16) {
        append(static_cast<bf16 *>(to.pool) + place, a, b, to.head_dim - at, stride - to.head_dim);
    } else {
        append(static_cast<float *>(to.pool) + place, a, b, to.head_dim - at, stride - to.head_dim);
    }
}

} // namespace m1
