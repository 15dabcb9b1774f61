// How fast this device's memory can be read: the floor under every decode step. Not part of the library; run.sh compiles
// it where it measures.
#include "m1.cuh"

// Reads n 16-byte words once, eight on their way per thread, and keeps nothing of them. Grid and block: any.
extern "C" __global__ void read_once(const uint4 *__restrict__ from, long long n, unsigned *__restrict__ to) {
    constexpr int AHEAD = 8;
    const long long step = (long long)gridDim.x * blockDim.x;
    unsigned folded = 0;
    long long i = (long long)blockIdx.x * blockDim.x + threadIdx.x;
    for (; i + (AHEAD - 1) * step < n; i += AHEAD * step) {
        uint4 words[AHEAD];
#pragma unroll
        for (int a = 0; a < AHEAD; a++) {
            words[a] = m1::load_streaming(from + i + a * step);
        }
#pragma unroll
        for (int a = 0; a < AHEAD; a++) {
            folded ^= words[a].x ^ words[a].y ^ words[a].z ^ words[a].w;
        }
    }
    for (; i < n; i += step) {
        const uint4 word = m1::load_streaming(from + i);
        folded ^= word.x ^ word.y ^ word.z ^ word.w;
    }
    atomicOr(to, folded); // otherwise a compiler would drop the reads
}
M1_KERNEL(read_once)
