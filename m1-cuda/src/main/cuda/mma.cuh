// The tensor cores' 16x8x16 product, and activations in the form it takes.
#pragma once
#include "m1.cuh"

namespace m1 {

// c += a b for a [16, 16] and b [16, 8] of bfloat16, c [16, 8] of floats, spread over a warp. With g = lane / 4 and
// t = lane % 4: a[0] holds (row g, columns 2t, 2t + 1), a[1] row g + 8, a[2] and a[3] the same rows eight columns on;
// b[0] holds (rows 2t, 2t + 1, column g), b[1] eight rows on; c[0], c[1] (row g, columns 2t, 2t + 1), c[2], c[3] row
// g + 8.
__device__ inline void mma(float c[4], const unsigned a[4], const unsigned b[2]) {
#ifdef M1_HOST_EMULATION
    m1emu::mma_bf16(c, a, b);
#else
    asm("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, "
        "{%0, %1, %2, %3};"
        : "+f"(c[0]), "+f"(c[1]), "+f"(c[2]), "+f"(c[3])
        : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b[0]), "r"(b[1]));
#endif
}

// Four 8x8 matrices of bfloat16 from shared memory, spread over a warp. Lane l gives the address of row l % 8 of matrix
// l / 8, of 16 bytes; to[i] is of matrix i and holds (row lane / 4, columns 2 (lane % 4) and the next).
__device__ inline void load_matrices(unsigned to[4], const bf16 *row) {
#ifdef M1_HOST_EMULATION
    m1emu::load_matrices(to, row, false);
#else
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
                 : "r"((unsigned)__cvta_generic_to_shared(row))
                 : "memory");
#endif
}

// The same with every matrix transposed: to[i] holds (column lane / 4, rows 2 (lane % 4) and the next).
__device__ inline void load_transposed(unsigned to[4], const bf16 *row) {
#ifdef M1_HOST_EMULATION
    m1emu::load_matrices(to, row, true);
#else
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
                 : "r"((unsigned)__cvta_generic_to_shared(row))
                 : "memory");
#endif
}

// A float is the sum of three bfloat16: 8 bits of its significand each. Products with bfloat16 weights are exact, so a
// sum of three products is a product with the float itself.
constexpr int PARTS = 3;

// Splits two neighbours, or, into a single part, rounds them; each part holds both, the first in the lower half.
template <int P> __device__ inline void split(float x, float y, unsigned parts[P]) {
#pragma unroll
    for (int p = 0; p < P; p++) {
        const bf16 high = __float2bfloat16(x);
        const bf16 other = __float2bfloat16(y);
        parts[p] = __bfloat16_as_ushort(high) | (unsigned)__bfloat16_as_ushort(other) << 16;
        x -= __bfloat162float(high);
        y -= __bfloat162float(other);
    }
}

} // namespace m1
