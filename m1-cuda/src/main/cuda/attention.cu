// Attention with fused multiply-adds: any type of cache, any head dimension. Scores and mixed values are single chains
// of sums, over the head's elements and over positions.
#include "attention.cuh"

namespace m1 {

constexpr int ATTENTION_THREADS = 256;
constexpr int QUERIES = 16; // (token, head) pairs a block works on at a time
constexpr int GROUP = 8; // tokens whose values are on their way at a time; divides PAGE

// What a block keeps in shared memory.
struct AttentionTile {
    float *query;   // [QUERIES, stride], zero beyond headDim
    float *out;     // [QUERIES, stride], folded so far
    float *score;   // [QUERIES, SPLIT]: scores, then 2^(score - largest)
    float *before; // [QUERIES]: what the values so far are multiplied with when a split is added,
    float *now;    // [QUERIES]: and what the split's are
    float *largest; // [QUERIES] of the splits so far
    float *sum;     // [QUERIES] of the splits so far

    __device__ AttentionTile(float *shared, int stride)
        : query(shared), out(query + QUERIES * stride), score(out + QUERIES * stride),
          before(score + QUERIES * SPLIT), now(before + QUERIES), largest(now + QUERIES), sum(largest + QUERIES) {}
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

template <class KV> class PlainAttention {
    const AttentionInput<KV> &in;
    const int *block_table; // of the item's row
    const AttentionShape &s;
    const AttentionOutput output;
    const int kv_head;
    AttentionTile tile;

  public:
    static constexpr int TILE = QUERIES;
    static constexpr int SPLIT_TILE = QUERIES;

    __device__ PlainAttention(const AttentionInput<KV> &in, const int *block_table, const AttentionShape &s,
                              int kv_head, unsigned char *shared)
        : in(in), block_table(block_table), s(s), output{s, kv_head}, kv_head(kv_head),
          tile(reinterpret_cast<float *>(shared), s.stride()) {}

    // Splits of these queries: all that they see, or, with `partial` [heads, headDim + 2], one of a single token's,
    // whose values, largest score and sum are left there.
    __device__ void run(const Queries &queries, int first_split, int end_split, float *partial) {
        begin(queries);
        if (partial == nullptr) {
            all_splits(queries, end_split);
        } else {
            one_split(queries, first_split, partial);
        }
        __syncthreads(); // the next queries overwrite the tile
    }

  private:
    __device__ void all_splits(const Queries &queries, int end) {
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
                if (visible(queries, i, split) > 0) {
                    *to = fmaf(*to, tile.before[i], value * tile.now[i]); // as Fold::add
                }
            });
            __syncthreads();
        }
#pragma unroll 1
        for (int i = 0; i < queries.count; i++) {
            const float inverse = 1.0f / tile.sum[i];
            for (int d = threadIdx.x; d < s.head_dim; d += ATTENTION_THREADS) {
                output.of(in.out, queries.token(i), queries.head(i))[d] = tile.out[i * s.stride() + d] * inverse;
            }
        }
    }

    __device__ void one_split(const Queries &queries, int split, float *partial) {
        scores(queries, split);
        __syncthreads();
        exponents(queries, split, [&](int i, float largest, float sum) {
            float *to = output.partial_of(partial, queries.head(i)) + s.head_dim;
            to[0] = largest;
            to[1] = sum;
        });
        __syncthreads();
        mix(queries, split, [&](int i, int d, float value) { output.partial_of(partial, queries.head(i))[d] = value; });
    }

    // Tokens of this split that query q sees; may be 0 or negative.
    __device__ int visible(const Queries &queries, int q, int split) const {
        return min(SPLIT, queries.position_of(q) + 1 - split * SPLIT);
    }

    __device__ void begin(const Queries &queries) {
        const int stride = s.stride();
#pragma unroll 1
        for (int i = threadIdx.x; i < QUERIES * stride; i += ATTENTION_THREADS) {
            const int query = i / stride;
            const int d = i % stride;
            float value = 0.0f;
            if (query < queries.count && d < s.head_dim) {
                const int head = kv_head * s.group() + queries.head(query);
                value = in.q[(long long)queries.token(query) * s.ldq + head * s.head_dim + d];
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

    // Where a token's key lies.
    __device__ const KV *cached(int position) const {
        return in.pool + s.keys_at(block_table[position / PAGE], kv_head) + position % PAGE * s.stride();
    }

    // score = q · k * scale, a thread per token; one chain of sums over the head's elements.
    __device__ void scores(const Queries &queries, int split) {
        const int stride = s.stride();
        const int end = visible(queries, queries.count - 1, split); // the last query sees most
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

    // Scores become 2^(score - largest), 0 where a query does not see. A warp per query; one lane hands the largest
    // score and the sum to done(query, largest, sum), if the query sees anything.
    template <class Done> __device__ void exponents(const Queries &queries, int split, Done done) {
        const int lane = threadIdx.x % LANES;
        for (int i = threadIdx.x / LANES; i < queries.count; i += ATTENTION_THREADS / LANES) {
            float *score = tile.score + i * SPLIT;
            const int end = visible(queries, i, split);
            float largest = -INFINITY;
#pragma unroll 1
            for (int t = lane; t < end; t += LANES) {
                largest = fmaxf(largest, score[t]);
            }
            largest = warp_max(largest);
            float sum = 0.0f;
            for (int t = lane; t < SPLIT; t += LANES) {
                const float e = t < end ? exp2f(score[t] - largest) : 0.0f;
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
        const int end = visible(queries, queries.count - 1, split);
        const int all = visible(queries, 0, split); // tokens that every query sees
#pragma unroll
        for (int j = 0; j < QUERIES; j++) {
            mixed[j] = 0.0f;
        }
#pragma unroll 1
        for (int t = 0; t < end; t += GROUP) {
            const KV *value = cached(split * SPLIT + t) + s.values_behind() + d;
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
                const int seen = t + GROUP <= all ? GROUP : visible(queries, query, split) - t;
#pragma unroll
                for (int i = 0; i < GROUP; i++) {
                    mixed[j] = i < seen ? fmaf(w[i], v[i], mixed[j]) : mixed[j];
                }
            }
        }
    }
};

} // namespace m1

ATTENTION(m1_attention_f32, float, m1::PlainAttention<float>, 256)
ATTENTION(m1_attention_bf16, m1::bf16, m1::PlainAttention<m1::bf16>, 256)
