// Token ids to hidden states.
#include "likeliest.cuh"

namespace m1 {

// hidden[t] = table[ids[t]]; an id of -(r + 1) is what row r of the previous step sampled. Grid (tokens).
template <class W>
__device__ inline void embed(
    const W *table,     // [vocab, ldw]
    int ldw,
    const int *ids,     // [tokens]
    const int *sampled, // [rows of the previous step]
    float *hidden,      // [tokens, ldh]
    int ldh,
    int n,
    const int *count,
    u64 *likeliest, // [rows], which the LM head of this step will raise; zero afterwards
    int rows) {
    follow();
    const int t = blockIdx.x;
    if (t == 0) {
        for (int i = threadIdx.x; i < rows; i += blockDim.x) {
            likeliest[i] = 0;
        }
    }
    if (t >= *count) {
        return;
    }
    int id = ids[t];
    if (id < 0) {
        id = sampled[-1 - id];
    }
    const W *from = table + (long long)id * ldw;
    float *to = hidden + (long long)t * ldh;
    for (int i = threadIdx.x; i < n; i += blockDim.x) {
        to[i] = to_float(from[i]);
    }
}

} // namespace m1

#define EMBED(name, W)                                                                                                 \
    extern "C" __global__ void __launch_bounds__(256)                                                                  \
        name(const W *__restrict__ table, int ldw, const int *__restrict__ ids, const int *__restrict__ sampled,       \
             float *__restrict__ hidden, int ldh, int n, const int *__restrict__ count,                                \
             unsigned long long *__restrict__ likeliest, int rows) {                                                   \
        m1::embed<W>(table, ldw, ids, sampled, hidden, ldh, n, count, likeliest, rows);                                \
    }                                                                                                                  \
    M1_KERNEL(name)

EMBED(m1_embed_f32, float)
EMBED(m1_embed_f16, m1::f16)
EMBED(m1_embed_bf16, m1::bf16)
