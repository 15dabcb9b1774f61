// The CUDA device language for a C++ compiler: kernels are compiled against this header instead of nvcc's, and run on a
// CPU. A block's threads are fibers; whatever makes threads wait for each other (barriers, warp operations) switches
// between them. NVIDIA's own headers give the vector types and the host side of bfloat16 and half.
#pragma once
#include <cuda_bf16.h>
#include <cuda_fp16.h>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <utility>

#undef __device__
#undef __global__
#undef __shared__
#undef __constant__
#undef __host__
#undef __launch_bounds__
#undef __forceinline__
#undef __grid_constant__
#define __device__
#define __host__
#define __global__ __attribute__((visibility("default")))
// Thread-local only to have all of it in one piece of memory, which the emulator fills with NaN before every block.
#define __shared__ static thread_local
#define __launch_bounds__(...)
#define __grid_constant__
#define __forceinline__ inline __attribute__((always_inline))

namespace m1emu {

struct Thread {
    uint3 thread, block;
    dim3 block_size, grid_size;
    unsigned lane;
};

enum BarrierKind { BARRIER, BARRIER_OR, BARRIER_AND, BARRIER_COUNT };

// A warp operation: runs once, over the arguments of all lanes of the mask, when all of them have arrived.
using WarpOperation = void (*)(unsigned mask, void **arguments);

struct Kernel {
    const char *name;
    void (*call)(void **parameters);
    int parameters;
    const unsigned *sizes; // bytes
};

extern "C" {
extern __attribute__((visibility("default"))) Thread *m1emu_running; // one block runs at a time
int m1emu_barrier(int kind, int predicate, const char *function, int line);
void m1emu_warp(unsigned mask, WarpOperation operation, void *argument, const char *function, int line);
void *m1emu_dynamic_shared();
void m1emu_dependency_wait();
void m1emu_copy_async(void *shared, const void *global, unsigned bytes);
void m1emu_copy_async_commit();
void m1emu_copy_async_wait(unsigned groups_left);
}

template <class... A, size_t... I>
inline void call_with(void (*kernel)(A...), void **parameters, std::index_sequence<I...>) {
    kernel(*static_cast<std::remove_cv_t<A> *>(parameters[I])...);
}

template <class... A> inline void call_with(void (*kernel)(A...), void **parameters) {
    call_with(kernel, parameters, std::index_sequence_for<A...>{});
}

template <class F> struct Signature;
template <class... A> struct Signature<void (*)(A...)> {
    static constexpr int count = sizeof...(A);
    static constexpr unsigned sizes[count + 1] = {unsigned(sizeof(A))..., 0};
};

template <class T> struct Shuffle {
    T in, out;
    int source; // lane
};

template <class T> void shuffle_all(unsigned mask, void **arguments) {
    for (unsigned left = mask; left; left &= left - 1) {
        auto *mine = static_cast<Shuffle<T> *>(arguments[__builtin_ctz(left)]);
        const bool valid = mask >> mine->source & 1; // reading a lane that takes no part is undefined: own value here
        mine->out = valid ? static_cast<Shuffle<T> *>(arguments[mine->source])->in : mine->in;
    }
}

template <class T> inline T shuffle(unsigned mask, T value, int source, const char *function, int line) {
    Shuffle<T> s{value, value, source};
    m1emu_warp(mask, &shuffle_all<T>, &s, function, line);
    return s.out;
}

struct Vote {
    bool mine;
    unsigned all;
};

inline void vote_all(unsigned mask, void **arguments) {
    unsigned all = 0;
    for (unsigned left = mask; left; left &= left - 1) {
        const int lane = __builtin_ctz(left);
        all |= unsigned(static_cast<Vote *>(arguments[lane])->mine) << lane;
    }
    for (unsigned left = mask; left; left &= left - 1) {
        static_cast<Vote *>(arguments[__builtin_ctz(left)])->all = all;
    }
}

inline void meet(unsigned, void **) {}

struct Mma {
    float *c;
    const unsigned *a, *b;
};

inline double upper_bf16(unsigned word) {
    const unsigned bits = word & 0xffff0000u;
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

// One rounding at the end, where a tensor core drops bits on the way: an idealisation, and never less accurate.
inline void mma_all(unsigned, void **arguments) {
    double a[16][16], b[16][8];
    for (int lane = 0; lane < 32; lane++) {
        const auto *m = static_cast<Mma *>(arguments[lane]);
        const int g = lane / 4, t = lane % 4;
        for (int i = 0; i < 4; i++) {
            const int row = g + i % 2 * 8, column = 2 * t + i / 2 * 8;
            a[row][column] = upper_bf16(m->a[i] << 16);
            a[row][column + 1] = upper_bf16(m->a[i]);
        }
        for (int i = 0; i < 2; i++) {
            b[2 * t + i * 8][g] = upper_bf16(m->b[i] << 16);
            b[2 * t + i * 8 + 1][g] = upper_bf16(m->b[i]);
        }
    }
    double c[16][8] = {};
    for (int lane = 0; lane < 32; lane++) {
        for (int i = 0; i < 4; i++) {
            c[lane / 4 + i / 2 * 8][lane % 4 * 2 + i % 2] = static_cast<Mma *>(arguments[lane])->c[i];
        }
    }
    for (int row = 0; row < 16; row++) {
        for (int k = 0; k < 16; k++) {
            for (int column = 0; column < 8; column++) {
                c[row][column] += a[row][k] * b[k][column];
            }
        }
    }
    for (int lane = 0; lane < 32; lane++) {
        for (int i = 0; i < 4; i++) {
            static_cast<Mma *>(arguments[lane])->c[i] = float(c[lane / 4 + i / 2 * 8][lane % 4 * 2 + i % 2]);
        }
    }
}

inline void mma_bf16(float c[4], const unsigned a[4], const unsigned b[2]) {
    Mma m{c, a, b};
    m1emu_warp(~0u, &mma_all, &m, "mma", 0);
}

struct Matrices {
    unsigned *to;
    const uint16_t *row;
    bool transposed;
};

inline void load_all_matrices(unsigned, void **arguments) {
    uint16_t all[4][8][8];
    for (int lane = 0; lane < 32; lane++) {
        memcpy(all[lane / 8][lane % 8], static_cast<Matrices *>(arguments[lane])->row, 16);
    }
    for (int lane = 0; lane < 32; lane++) {
        const auto *mine = static_cast<Matrices *>(arguments[lane]);
        for (int i = 0; i < 4; i++) {
            const int a = lane / 4, b = lane % 4 * 2;
            const unsigned low = mine->transposed ? all[i][b][a] : all[i][a][b];
            const unsigned high = mine->transposed ? all[i][b + 1][a] : all[i][a][b + 1];
            mine->to[i] = low | high << 16;
        }
    }
}

inline void load_matrices(unsigned to[4], const void *row, bool transposed) {
    Matrices m{to, static_cast<const uint16_t *>(row), transposed};
    m1emu_warp(~0u, &load_all_matrices, &m, "ldmatrix", 0);
}

} // namespace m1emu

#define M1_KERNEL(kernel)                                                                                              \
    extern "C" __attribute__((visibility("default"))) const m1emu::Kernel m1emu_kernel_##kernel;                       \
    const m1emu::Kernel m1emu_kernel_##kernel = {                                                                      \
        #kernel, [](void **p) { m1emu::call_with(&kernel, p); }, m1emu::Signature<decltype(&kernel)>::count,           \
        m1emu::Signature<decltype(&kernel)>::sizes};
#define M1_DYNAMIC_SHARED(type, name) type *name = static_cast<type *>(m1emu::m1emu_dynamic_shared())

#define threadIdx (m1emu::m1emu_running->thread)
#define blockIdx (m1emu::m1emu_running->block)
#define blockDim (m1emu::m1emu_running->block_size)
#define gridDim (m1emu::m1emu_running->grid_size)

#define M1EMU_SITE const char *f = __builtin_FUNCTION(), int at = __builtin_LINE()

inline void __syncthreads(M1EMU_SITE) { m1emu::m1emu_barrier(m1emu::BARRIER, 0, f, at); }
inline int __syncthreads_or(int p, M1EMU_SITE) { return m1emu::m1emu_barrier(m1emu::BARRIER_OR, p, f, at); }
inline int __syncthreads_and(int p, M1EMU_SITE) { return m1emu::m1emu_barrier(m1emu::BARRIER_AND, p, f, at); }
inline int __syncthreads_count(int p, M1EMU_SITE) { return m1emu::m1emu_barrier(m1emu::BARRIER_COUNT, p, f, at); }
inline void __syncwarp(unsigned mask = ~0u, M1EMU_SITE) { m1emu::m1emu_warp(mask, &m1emu::meet, nullptr, f, at); }

template <class T> inline T __shfl_sync(unsigned mask, T v, int source, int width = 32, M1EMU_SITE) {
    const int lane = m1emu::m1emu_running->lane;
    return m1emu::shuffle(mask, v, (lane & ~(width - 1)) | (source & (width - 1)), f, at);
}
template <class T> inline T __shfl_xor_sync(unsigned mask, T v, int with, int width = 32, M1EMU_SITE) {
    const int lane = m1emu::m1emu_running->lane, source = lane ^ with;
    return m1emu::shuffle(mask, v, source < (lane & ~(width - 1)) + width ? source : lane, f, at);
}
template <class T> inline T __shfl_down_sync(unsigned mask, T v, int by, int width = 32, M1EMU_SITE) {
    const int lane = m1emu::m1emu_running->lane, source = lane + by;
    return m1emu::shuffle(mask, v, source < (lane & ~(width - 1)) + width ? source : lane, f, at);
}
template <class T> inline T __shfl_up_sync(unsigned mask, T v, int by, int width = 32, M1EMU_SITE) {
    const int lane = m1emu::m1emu_running->lane, source = lane - by;
    return m1emu::shuffle(mask, v, source >= (lane & ~(width - 1)) ? source : lane, f, at);
}
inline unsigned __ballot_sync(unsigned mask, int predicate, M1EMU_SITE) {
    m1emu::Vote vote{predicate != 0, 0};
    m1emu::m1emu_warp(mask, &m1emu::vote_all, &vote, f, at);
    return vote.all;
}

template <class T> inline T __ldg(const T *p) { return *p; }
template <class T> inline T __ldcg(const T *p) { return *p; }
inline void __threadfence() {}
inline void __threadfence_block() {}
// Fibers of one OS thread: nothing can come between a read and a write.
template <class T> inline T atomicAdd(T *p, T v) { return std::exchange(*p, *p + v); }
template <class T> inline T atomicOr(T *p, T v) { return std::exchange(*p, *p | v); }
template <class T> inline T atomicMax(T *p, T v) { return std::exchange(*p, *p < v ? v : *p); }
template <class T> inline T atomicMin(T *p, T v) { return std::exchange(*p, v < *p ? v : *p); }
inline unsigned atomicInc(unsigned *p, unsigned limit) { return std::exchange(*p, *p >= limit ? 0 : *p + 1); }

template <class To, class From> inline To m1emu_bits(From x) {
    static_assert(sizeof(To) == sizeof(From), "same size");
    To to;
    memcpy(&to, &x, sizeof to);
    return to;
}
inline float __int_as_float(int x) { return m1emu_bits<float>(x); }
inline int __float_as_int(float x) { return m1emu_bits<int>(x); }
inline float __uint_as_float(unsigned x) { return m1emu_bits<float>(x); }
inline unsigned __float_as_uint(float x) { return m1emu_bits<unsigned>(x); }
inline double __longlong_as_double(long long x) { return m1emu_bits<double>(x); }
inline double __dmul_rn(double a, double b) { return a * b; }
inline double __dadd_rn(double a, double b) { return a + b; }
inline double __dsub_rn(double a, double b) { return a - b; }
inline double __ddiv_rn(double a, double b) { return a / b; }
inline float __double2float_rn(double x) { return float(x); }
inline unsigned long long __umul64hi(unsigned long long a, unsigned long long b) {
    return (unsigned long long)((unsigned __int128)a * b >> 64);
}
inline unsigned __umulhi(unsigned a, unsigned b) { return unsigned((unsigned long long)a * b >> 32); }
inline int __popc(unsigned x) { return __builtin_popcount(x); }
inline int __clz(int x) { return x ? __builtin_clz(x) : 32; }
inline int __ffs(int x) { return __builtin_ffs(x); }
template <class T> inline T min(T a, T b) { return a < b ? a : b; }
template <class T> inline T max(T a, T b) { return a > b ? a : b; }
