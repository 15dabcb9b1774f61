// What the attention kernels have in common, however they multiply: grouped-query attention over the paged KV cache,
// for any mixture of prefill and decode.
//
// The context is cut into splits of 256 tokens, always at the same places. A split gives, per query, the largest score,
// the sum of 2^(score - largest) and the weighted values; splits are folded in ascending order. Whether one block does
// all splits of a token one after the other, or a block each does one and the last to finish folds them, the operations
// and their order are the same, and so are the bits.
#pragma once
#include "m1.cuh"

namespace m1 {

constexpr int SPLIT = 256; // KV tokens

struct AttentionShape {
    int ldq, ldo, table_stride;
    long long page_stride, layer_offset; // elements
    int heads, kv_heads, head_dim;
    float scale; // of scores, whose exponentials are powers of 2: log2(e) / sqrt(headDim)

    __device__ int group() const { return heads / kv_heads; }
    __device__ int stride() const { return (head_dim + 7) / 8 * 8; } // from one cached token to the next

    // Where a page's keys of a head begin, [PAGE, stride], zero beyond headDim; its values follow values_behind() on.
    __device__ long long keys_at(int page, int kv_head) const {
        return page * page_stride + layer_offset + (long long)kv_head * PAGE * stride();
    }
    __device__ long long values_behind() const { return (long long)kv_heads * PAGE * stride(); }
};

template <class KV> struct AttentionInput {
    const float *q;          // [tokens, ldq]
    const KV *pool;          // [pages, layers, 2, kvHeads, PAGE, stride]
    const int *block_tables; // [rows, table_stride]
    const int *positions;    // [tokens]
    const int *token_row;    // [tokens]
    const int4 *items;       // see attention()
    const int *item_count;
    float *out;         // [tokens, ldo]
    float *partials;    // [slots, heads, headDim + 2]
    unsigned *counters; // [tokens, kvHeads]
};

// The queries of an item that a block has at hand: query q is (token first_token + q / group, head q % group).
struct Queries {
    int first_token, first, count; // first: index of the first one within the item
    int group, position;           // position of first_token

    __device__ int token(int q) const { return first_token + (first + q) / group; }
    __device__ int head(int q) const { return (first + q) % group; }
    __device__ int position_of(int q) const { return position + (first + q) / group; }
    __device__ int last_position() const { return position_of(count - 1); }
};

// Weights of what was folded so far and of what is added; of nothing, the largest score is -infinity.
struct Fold {
    float largest, before, now;

    __device__ Fold(float folded_largest, float added_largest) {
        largest = fmaxf(folded_largest, added_largest);
        const float base = largest == -INFINITY ? 0.0f : largest; // nothing and nothing are nothing
        before = exp2f(folded_largest - base);
        now = exp2f(added_largest - base);
    }
    __device__ float add(float folded, float added) const { return fmaf(folded, before, added * now); }
};

// Where a KV head's results go.
struct AttentionOutput {
    const AttentionShape &s;
    const int kv_head;

    // A head's result [headDim].
    __device__ float *of(float *out, int token, int head) const {
        return out + (long long)token * s.ldo + (kv_head * s.group() + head) * s.head_dim;
    }

    // A head's part of a split's result [heads, headDim + 2]: values, largest, sum.
    __device__ float *partial_of(float *partial, int head) const {
        return partial + (long long)(kv_head * s.group() + head) * (s.head_dim + 2);
    }

    // Folds the results of a token's splits.
    __device__ void combine(float *partials, int splits, int token, float *out) const {
        const long long per_split = (long long)s.heads * (s.head_dim + 2);
        for (int head = 0; head < s.group(); head++) {
            for (int d = threadIdx.x; d < s.head_dim; d += blockDim.x) {
                float largest = -INFINITY;
                float sum = 0.0f;
                float value = 0.0f;
#pragma unroll 1
                for (int split = 0; split < splits; split++) {
                    const float *from = partial_of(partials + split * per_split, head);
                    const Fold fold(largest, __ldcg(from + s.head_dim)); // other blocks wrote it: not from L1
                    sum = fold.add(sum, __ldcg(from + s.head_dim + 1));
                    value = fold.add(value, __ldcg(from + d));
                    largest = fold.largest;
                }
                of(out, token, head)[d] = value * (1.0f / sum);
            }
        }
    }
};

// True in the block that is the last of `blocks` to come here; what the others wrote before is visible to it then.
__device__ inline bool last_to_arrive(unsigned *counter, unsigned blocks) {
    __shared__ bool last;
    __threadfence();
    __syncthreads();
    if (threadIdx.x == 0) {
        last = atomicInc(counter, blocks - 1) == blocks - 1; // wraps to 0, ready for the next step
    }
    __syncthreads();
    if (last) {
        __threadfence();
    }
    return last;
}

// Grid (any number of workers, kvHeads). An item is {first token, tokens, split, slot}: all splits of the tokens if
// split < 0, else one split of one token, left in partials[slot + split].
//
// Work is what a block does with up to TILE queries at a time, or SPLIT_TILE of a single split.
template <class Work, class KV>
__device__ inline void attention(const AttentionInput<KV> &in, const AttentionShape &s, unsigned char *shared) {
    follow();
    const int kv_head = blockIdx.y;
    const int end = *in.item_count;
    for (int i = blockIdx.x; i < end; i += gridDim.x) {
        const int4 item = in.items[i];
        const int token = item.x;
        const int split = item.z;
        const int position = in.positions[token];
        Work work(in, in.block_tables + (long long)in.token_row[token] * s.table_stride, s, kv_head, shared);
        const int queries = (split < 0 ? item.y : 1) * s.group();
        const int at_once = split < 0 ? Work::TILE : Work::SPLIT_TILE;
        const long long per_split = (long long)s.heads * (s.head_dim + 2);
        float *token_partials = in.partials + item.w * per_split;
#pragma unroll 1
        for (int first = 0; first < queries; first += at_once) {
            const Queries at_hand{token, first, min(at_once, queries - first), s.group(), position};
            const int from = max(split, 0);
            const int to = split < 0 ? at_hand.last_position() / SPLIT + 1 : split + 1;
            work.run(at_hand, from, to, split < 0 ? nullptr : token_partials + split * per_split);
        }
        if (split >= 0) {
            const int splits = position / SPLIT + 1;
            if (last_to_arrive(in.counters + (long long)token * s.kv_heads + kv_head, splits)) {
                AttentionOutput{s, kv_head}.combine(token_partials, splits, token, in.out);
            }
        }
    }
}

} // namespace m1

#define ATTENTION(name, KV, work, threads)                                                                             \
    extern "C" __global__ void __launch_bounds__(threads)                                                              \
        name(const float *q, int ldq, const KV *pool, long long page_stride,                                           \
             long long layer_offset, const int *__restrict__ block_tables, int table_stride,                           \
             const int *__restrict__ positions, const int *__restrict__ token_row, const int4 *__restrict__ items,     \
             const int *__restrict__ item_count, float *__restrict__ out, int ldo, float *partials,                    \
             unsigned *counters, int heads, int kv_heads, int head_dim, float scale) {                                 \
        M1_DYNAMIC_SHARED(unsigned char, shared);                                                                      \
        m1::attention<work>(                                                                                           \
            m1::AttentionInput<KV>{                                                                                    \
                q, pool, block_tables, positions, token_row, items, item_count, out, partials, counters},              \
            m1::AttentionShape{                                                                                        \
                ldq, ldo, table_stride, page_stride, layer_offset, heads, kv_heads, head_dim, scale},                  \
            shared);                                                                                                   \
    }                                                                                                                  \
    M1_KERNEL(name)
