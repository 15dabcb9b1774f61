// Grouped-query attention over the paged KV cache, for any mixture of prefill and decode.
//
// The context is cut into splits of 256 tokens, always at the same places. A split gives, per query, the largest score,
// the sum of exp(score - largest) and the weighted values; splits are folded in ascending order. Whether one block does
// all splits of a token one after the other, or a block each does one and the last to finish folds them, the operations
// and their order are the same, and so are the bits.
#include "m1.cuh"

namespace m1 {

constexpr int ATTENTION_THREADS = 256;
constexpr int SPLIT = 256; // KV tokens
constexpr int QUERIES = 16; // (token, head) pairs a block works on at a time
constexpr int GROUP = 8; // tokens whose values are on their way at a time; divides PAGE

struct AttentionShape {
    int ldq, ldo, table_stride;
    long long page_stride, layer_offset; // elements
    int heads, kv_heads, head_dim;
    float scale;

    __device__ int group() const { return heads / kv_heads; }
    __device__ int stride() const { return (head_dim + 7) / 8 * 8; } // from one cached token to the next
};

// What a block keeps in shared memory.
struct AttentionTile {
    float *query;   // [QUERIES, stride], zero beyond headDim
    float *out;     // [QUERIES, stride], folded so far
    float *score;   // [QUERIES, SPLIT]: scores, then exp(score - largest)
    float *before; // [QUERIES]: what the values so far are multiplied with when a split is added,
    float *now;    // [QUERIES]: and what the split's are
    float *largest; // [QUERIES] of the splits so far
    float *sum;     // [QUERIES] of the splits so far

    __device__ AttentionTile(float *shared, int stride)
        : query(shared), out(query + QUERIES * stride), score(out + QUERIES * stride),
          before(score + QUERIES * SPLIT), now(before + QUERIES), largest(now + QUERIES), sum(largest + QUERIES) {}
};

// The queries of an item that a block has at hand: query q is (token first_token + q / group, head q % group).
struct Queries {
    int first_token, first, count; // first: index of the first one within the item
    int group, position;           // position of first_token

    __device__ int token(int q) const { return first_token + (first + q) / group; }
    __device__ int head(int q) const { return (first + q) % group; }
    __device__ int last_position() const { return position + (first + count - 1) / group; }
    // Tokens of this split that query q sees; may be 0 or negative.
    __device__ int visible(int q, int split) const {
        return min(SPLIT, position + (first + q) / group + 1 - split * SPLIT);
    }
};

// Weights of what was folded so far and of a further split.
struct Fold {
    float largest, before, now;

    __device__ Fold(float folded_largest, float split_largest) {
        largest = fmaxf(folded_largest, split_largest);
        before = expf(folded_largest - largest); // 0 at first: the largest of nothing is -infinity
        now = expf(split_largest - largest);
    }
    __device__ float add(float folded, float split) const { return fmaf(folded, before, split * now); }
};

// Eight elements of a cached key.
__device__ inline void load_cached8(const float *from, float to[8]) {
    *reinterpret_cast<float4 *>(to) = *reinterpret_cast<const float4 *>(from);
    *reinterpret_cast<float4 *>(to + 4) = *reinterpret_cast<const float4 *>(from + 4);
}

__device__ inline void load_cached8(const bf16 *from, float to[8]) {
    const uint4 a = *reinterpret_cast<const uint4 *>(from);
    const unsigned bits[4] = {a.x, a.y, a.z, a.w};
#pragma unroll
    for (int i = 0; i < 4; i++) {
        to[2 * i] = __uint_as_float(bits[i] << 16);
        to[2 * i + 1] = __uint_as_float(bits[i] & 0xffff0000u);
    }
}

template <class KV> class Attention {
    const KV *pool;          // [pages, layers, 2, kvHeads, PAGE, stride]
    const int *block_table;  // of the item's row
    const AttentionShape &s;
    const int kv_head;
    AttentionTile tile;

  public:
    __device__ Attention(const KV *pool, const int *block_table, const AttentionShape &s, int kv_head, float *shared)
        : pool(pool), block_table(block_table), s(s), kv_head(kv_head), tile(shared, s.stride()) {}

    // Whole contexts of these queries.
    __device__ void all_splits(const Queries &queries, const float *q, float *out) {
        begin(queries, q);
        const int end = queries.last_position() / SPLIT + 1;
#pragma unroll 1
        for (int split = 0; split < end; split++) {
            scores(queries, split);
            __syncthreads();
            exponents(queries, split, [&](int i, float largest, float sum) {
                const Fold fold(tile.largest[i], largest);
                tile.before[i] = fold.before;
                tile.now[i] = fold.now;
                tile.sum[i] = fold.add(tile.sum[i], sum);
                tile.largest[i] = fold.largest;
            });
            __syncthreads();
            mix(queries, split, [&](int i, int d, float value) {
                float *to = tile.out + i * s.stride() + d;
                if (queries.visible(i, split) > 0) {
                    *to = fmaf(*to, tile.before[i], value * tile.now[i]); // as Fold::add
                }
            });
            __syncthreads();
        }
#pragma unroll 1
        for (int i = 0; i < queries.count; i++) {
            for (int d = threadIdx.x; d < s.head_dim; d += ATTENTION_THREADS) {
                write(out, queries.token(i), queries.head(i), d, tile.out[i * s.stride() + d] / tile.sum[i]);
            }
        }
        __syncthreads(); // the next queries overwrite the tile
    }

    // One split of one token's queries, left in `partial` [heads, headDim + 2]: values, largest, sum.
    __device__ void one_split(const Queries &queries, int split, const float *q, float *partial) {
        begin(queries, q);
        scores(queries, split);
        __syncthreads();
        exponents(queries, split, [&](int i, float largest, float sum) {
            float *to = partial_of(partial, queries.head(i)) + s.head_dim;
            to[0] = largest;
            to[1] = sum;
        });
        __syncthreads();
        mix(queries, split, [&](int i, int d, float value) { partial_of(partial, queries.head(i))[d] = value; });
        __syncthreads();
    }

    // Folds the partial results of a token's splits.
    __device__ void combine(float *partials, int splits, int token, float *out) {
        const long long per_split = (long long)s.heads * (s.head_dim + 2);
        for (int head = 0; head < s.group(); head++) {
            for (int d = threadIdx.x; d < s.head_dim; d += ATTENTION_THREADS) {
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
                write(out, token, head, d, value / sum);
            }
        }
    }

  private:
    __device__ void begin(const Queries &queries, const float *q) {
        const int stride = s.stride();
#pragma unroll 1
        for (int i = threadIdx.x; i < QUERIES * stride; i += ATTENTION_THREADS) {
            const int query = i / stride;
            const int d = i % stride;
            float value = 0.0f;
            if (query < queries.count && d < s.head_dim) {
                const int head = kv_head * s.group() + queries.head(query);
                value = q[(long long)queries.token(query) * s.ldq + head * s.head_dim + d];
            }
            tile.query[i] = value;
            tile.out[i] = 0.0f;
        }
        if (threadIdx.x < QUERIES) {
            tile.largest[threadIdx.x] = -INFINITY;
            tile.sum[threadIdx.x] = 0.0f;
        }
        __syncthreads();
    }

    // Where a token's key lies; its value is kvHeads * PAGE * stride further on.
    __device__ const KV *cached(int position) const {
        const int page = block_table[position / PAGE];
        return pool + page * s.page_stride + s.layer_offset +
               ((long long)kv_head * PAGE + position % PAGE) * s.stride();
    }

    // score = q · k * scale, a thread per token; one chain of sums over the head's elements.
    __device__ void scores(const Queries &queries, int split) {
        const int stride = s.stride();
        const int end = queries.visible(queries.count - 1, split); // the last query sees most
#pragma unroll 1
        for (int t = threadIdx.x; t < end; t += ATTENTION_THREADS) {
            const KV *key = cached(split * SPLIT + t);
            float acc[QUERIES] = {};
#pragma unroll 2
            for (int d = 0; d < stride; d += 8) {
                float k[8];
                load_cached8(key + d, k); // zero beyond headDim
#pragma unroll
                for (int i = 0; i < QUERIES; i++) {
                    if (i < queries.count) {
                        const float *query = tile.query + i * stride + d;
                        const float4 low = *reinterpret_cast<const float4 *>(query);
                        const float4 high = *reinterpret_cast<const float4 *>(query + 4);
                        acc[i] = fmaf(low.x, k[0], acc[i]);
                        acc[i] = fmaf(low.y, k[1], acc[i]);
                        acc[i] = fmaf(low.z, k[2], acc[i]);
                        acc[i] = fmaf(low.w, k[3], acc[i]);
                        acc[i] = fmaf(high.x, k[4], acc[i]);
                        acc[i] = fmaf(high.y, k[5], acc[i]);
                        acc[i] = fmaf(high.z, k[6], acc[i]);
                        acc[i] = fmaf(high.w, k[7], acc[i]);
                    }
                }
            }
#pragma unroll
            for (int i = 0; i < QUERIES; i++) {
                if (i < queries.count) {
                    tile.score[i * SPLIT + t] = acc[i] * s.scale;
                }
            }
        }
    }

    // Scores become exp(score - largest), 0 where a query does not see. A warp per query; one lane hands the largest score
    // and the sum to done(query, largest, sum), if the query sees anything.
    template <class Done> __device__ void exponents(const Queries &queries, int split, Done done) {
        const int lane = threadIdx.x % LANES;
        for (int i = threadIdx.x / LANES; i < queries.count; i += ATTENTION_THREADS / LANES) {
            float *score = tile.score + i * SPLIT;
            const int end = queries.visible(i, split);
            float largest = -INFINITY;
#pragma unroll 1
            for (int t = lane; t < end; t += LANES) {
                largest = fmaxf(largest, score[t]);
            }
            largest = warp_max(largest);
            float sum = 0.0f;
            for (int t = lane; t < SPLIT; t += LANES) {
                const float e = t < end ? expf(score[t] - largest) : 0.0f;
                score[t] = e;
                sum += e;
            }
            sum = warp_sum(sum);
            if (lane == 0 && end > 0) {
                done(i, largest, sum);
            }
        }
    }

    // Every query's weighted values, handed to put(query, element, value): a single chain of sums over the tokens that
    // the query sees. A thread has one element (at a time) and every n-th query, as many as share the block's threads.
    template <class Put> __device__ void mix(const Queries &queries, int split, Put put) const {
        const int width = min(ATTENTION_THREADS, (s.head_dim + LANES - 1) / LANES * LANES); // whole warps
        const int sharers = ATTENTION_THREADS / width;
        const int first = threadIdx.x / width;
        if (first >= sharers) {
            return;
        }
#pragma unroll 1
        for (int d = threadIdx.x % width; d < s.head_dim; d += width) {
            float mixed[QUERIES];
            mix_element(queries, split, d, first, sharers, mixed);
#pragma unroll
            for (int j = 0; j < QUERIES; j++) {
                const int i = first + j * sharers;
                if (i < queries.count) {
                    put(i, d, mixed[j]);
                }
            }
        }
    }

    __device__ void mix_element(
        const Queries &queries, int split, int d, int first, int sharers, float mixed[QUERIES]) const {
        const int end = queries.visible(queries.count - 1, split);
        const int all = queries.visible(0, split); // tokens that every query sees
#pragma unroll
        for (int j = 0; j < QUERIES; j++) {
            mixed[j] = 0.0f;
        }
#pragma unroll 1
        for (int t = 0; t < end; t += GROUP) {
            const KV *value = cached(split * SPLIT + t) + (long long)s.kv_heads * PAGE * s.stride() + d;
            float v[GROUP];
#pragma unroll
            for (int i = 0; i < GROUP; i++) {
                v[i] = to_float(value[min(i, end - 1 - t) * s.stride()]); // beyond the end: not used
            }
#pragma unroll
            for (int j = 0; j < QUERIES; j++) {
                const int query = first + j * sharers;
                if (query >= queries.count) {
                    break;
                }
                const float *weight = tile.score + query * SPLIT + t;
                float w[GROUP];
                *reinterpret_cast<float4 *>(w) = *reinterpret_cast<const float4 *>(weight);
                *reinterpret_cast<float4 *>(w + 4) = *reinterpret_cast<const float4 *>(weight + 4);
                // What a query does not see must not even be multiplied by 0: it may be infinite.
                const int visible = t + GROUP <= all ? GROUP : queries.visible(query, split) - t;
#pragma unroll
                for (int i = 0; i < GROUP; i++) {
                    mixed[j] = i < visible ? fmaf(w[i], v[i], mixed[j]) : mixed[j];
                }
            }
        }
    }

    __device__ float *partial_of(float *partial, int head) const {
        return partial + (long long)(kv_head * s.group() + head) * (s.head_dim + 2);
    }

    __device__ void write(float *out, int token, int head, int d, float value) const {
        out[(long long)token * s.ldo + (kv_head * s.group() + head) * s.head_dim + d] = value;
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

// Grid (any number of workers, kvHeads), block 256. An item is {first token, tokens, split, slot}: all splits of the
// tokens if split < 0, else one split of one token, left in partials[slot + split].
template <class KV>
__device__ inline void attention(
    const float *q, const KV *pool, const int *block_tables, const int *positions, const int *token_row,
    const int4 *items, const int *item_count, float *out, float *partials, unsigned *counters,
    const AttentionShape &s) {
    follow();
    M1_DYNAMIC_SHARED(float, shared);
    const int kv_head = blockIdx.y;
    const int end = *item_count;
    for (int i = blockIdx.x; i < end; i += gridDim.x) {
        const int4 item = items[i];
        const int token = item.x;
        const int split = item.z;
        const int position = positions[token];
        Attention<KV> attention(
            pool, block_tables + (long long)token_row[token] * s.table_stride, s, kv_head, shared);
        const int queries = (split < 0 ? item.y : 1) * s.group();
        const long long per_split = (long long)s.heads * (s.head_dim + 2);
        float *token_partials = partials + item.w * per_split;
        for (int first = 0; first < queries; first += QUERIES) {
            const Queries at_hand{token, first, min(QUERIES, queries - first), s.group(), position};
            if (split < 0) {
                attention.all_splits(at_hand, q, out);
            } else {
                attention.one_split(at_hand, split, q, token_partials + split * per_split);
            }
        }
        if (split >= 0) {
            const int splits = position / SPLIT + 1;
            if (last_to_arrive(counters + (long long)token * s.kv_heads + kv_head, splits)) {
                attention.combine(token_partials, splits, token, out);
            }
        }
    }
}

} // namespace m1

#define ATTENTION(name, KV)                                                                                            \
    extern "C" __global__ void __launch_bounds__(256)                                                                  \
        name(const float *q, int ldq, const KV *pool, long long page_stride,                                           \
             long long layer_offset, const int *__restrict__ block_tables, int table_stride,                           \
             const int *__restrict__ positions, const int *__restrict__ token_row, const int4 *__restrict__ items,     \
             const int *__restrict__ item_count, float *__restrict__ out, int ldo, float *partials,                    \
             unsigned *counters, int heads, int kv_heads, int head_dim, float scale) {                                 \
        m1::attention<KV>(q, pool, block_tables, positions, token_row, items, item_count, out, partials, counters,     \
                          m1::AttentionShape{ldq, ldo, table_stride, page_stride, layer_offset, heads, kv_heads,       \
                                             head_dim, scale});                                                        \
    }                                                                                                                  \
    M1_KERNEL(name)

ATTENTION(m1_attention_f32, float)
ATTENTION(m1_attention_bf16, m1::bf16)
