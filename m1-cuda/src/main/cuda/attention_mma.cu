// Attention on tensor cores, for a bfloat16 cache and heads of up to WIDTH elements; see attention_page.cuh for the
// products.
//
// A page gives every query a softmax of its own, pages are folded in ascending order within their split, splits in
// ascending order with each other. With many queries a warp has 16 of them and takes page after page, which the block
// brings into shared memory: values while scores are computed, the next keys while values are mixed. With up to 16
// queries, as in decoding, every warp has a page of a split for itself, and the block folds what they find.
#include "async.cuh"
#include "attention_fold.cuh"

namespace m1 {

constexpr int MMA_ATTENTION_WARPS = 4;
constexpr int MMA_ATTENTION_THREADS = MMA_ATTENTION_WARPS * LANES;
static_assert(SPLIT_PAGES == MMA_ATTENTION_WARPS, "a page of a split for every warp");

template <int WIDTH> class MmaAttention {
    using Rows = SharedRows<WIDTH>;
    static constexpr int SLOT = PAGE * WIDTH; // elements
    static constexpr int ZEROS = 5 * SLOT;
    static constexpr int RESULT_STRIDE = WIDTH + 8; // of a page's values in its slot; neighbours are in other banks
    static constexpr int SHARE = WARP_QUERIES * WIDTH / MMA_ATTENTION_THREADS; // of a thread, with few queries
    static_assert(2 * WARP_QUERIES * RESULT_STRIDE <= SLOT, "a page's result fits into its slot");
    static_assert(PARTS * WARP_QUERIES * WIDTH + 2 * SplitFold::FLOATS <= SLOT, "both fit into the last slot");

    const AttentionInput<bf16> &in;
    const int *block_table; // of the item's row
    const AttentionShape &s;
    const AttentionOutput output;
    const int kv_head;
    bf16 *const slots; // [5][PAGE][WIDTH]: keys, values and queries' parts, or four pages, queries' parts and SplitFold;
                       // then zeros [WIDTH]

  public:
    static constexpr int TILE = MMA_ATTENTION_WARPS * WARP_QUERIES;
    static constexpr int SPLIT_TILE = WARP_QUERIES;

    __device__ MmaAttention(const AttentionInput<bf16> &in, const int *block_table, const AttentionShape &s,
                            int kv_head, unsigned char *shared)
        : in(in), block_table(block_table), s(s), output{s, kv_head}, kv_head(kv_head),
          slots(reinterpret_cast<bf16 *>(shared)) {}

    // Splits of these queries: all that they see, or, with `partial` [heads, headDim + 2], one of a single token's,
    // whose values, largest score and sum are left there.
    __device__ void run(const Queries &queries, int first_split, int end_split, float *partial) {
        const bool few = queries.count <= WARP_QUERIES; // a page for every warp, else 16 queries for every warp
        const int warp = threadIdx.x / LANES;
        const int row = few ? 0 : warp * WARP_QUERIES;
        const int keys = few ? warp * SLOT : 0;
        const int values = few ? warp * SLOT : SLOT; // in the place of the keys: four pages of both would not fit
        const int parts = few ? SPLIT_PAGES * SLOT : 2 * SLOT;
        const int part_rows = few ? WARP_QUERIES : TILE;
        const SplitFold folds(reinterpret_cast<float *>(slots + parts + PARTS * WARP_QUERIES * WIDTH)); // if few
        const int end = min(end_split * SPLIT_PAGES, queries.last_position() / PAGE + 1);
        FoldedQueries<WIDTH> split, total; // if few, total has this thread's shares
        split.clear();
        total.clear();
        const int thread = few ? threadIdx.x % LANES : threadIdx.x; // of those that bring a page
        const int threads = few ? LANES : MMA_ATTENTION_THREADS;
        const int start = first_split * SPLIT_PAGES;
        copy_page(queries, keys, few ? start + warp : start, false, thread, threads);
        load_queries(queries, slots + parts, part_rows);
        if (few) {
            folds.clear();
        }
#pragma unroll 1
        for (int first = start; first < end; first += few ? SPLIT_PAGES : 1) {
            const int page = few ? first + warp : first;
            const PageView v = view(queries, row, page); // of which `most` is the same for the warp
            AttentionPage<WIDTH> work;
            wait_for_copies();
            __syncthreads(); // the keys are there, and nobody needs the values before any more
            if (!few) {
                copy_page(queries, values, page, true, thread, threads);
            }
            if (v.most > 0) {
                work.scores(slots, parts, part_rows, row, keys, ZEROS, v.most);
            }
            if (few) {
                __syncwarp(); // nobody needs the keys any more: the values take their place
            } else {
                wait_for_copies();
                __syncthreads(); // the values are there, and nobody needs the keys any more: the next ones come
            }
            copy_page(queries, keys, few ? page : page + 1, few, thread, threads);
            if (v.most > 0) {
                work.weights(v, s.scale);
            }
            if (few) {
                wait_for_copies();
                __syncwarp();
            }
            if (v.most > 0) {
                split.add(work, slots, values, ZEROS, v);
            }
            if (few) {
                exchange(split, total, folds, min(SPLIT_PAGES, end - first));
                split.clear();
                if (first + SPLIT_PAGES < end) {
                    copy_page(queries, keys, page + SPLIT_PAGES, false, thread, threads);
                }
            } else if (page % SPLIT_PAGES == SPLIT_PAGES - 1 || page + 1 == end) {
                total.add(split);
                split.clear();
            }
        }
        __syncthreads(); // the result replaces what is shared
        if (!few) {
            total.divide();
            total.put(result(warp), RESULT_STRIDE);
        } else {
#pragma unroll
            for (int e = 0; e < SHARE; e++) {
                result(0)[share_place(e)] = share(total, e);
            }
            if (partial != nullptr && threadIdx.x < queries.count) {
                float *to = output.partial_of(partial, queries.head(threadIdx.x)) + s.head_dim;
                to[0] = folds.largest(threadIdx.x);
                to[1] = folds.sum(threadIdx.x);
            }
        }
        __syncthreads();
        store(queries, folds, few, partial);
        __syncthreads(); // the next queries replace the result
    }

  private:
    // Tokens of a page that a query sees.
    __device__ static int visible(const Queries &queries, int q, int page) {
        return min(max(queries.position_of(q) + 1 - page * PAGE, 0), PAGE);
    }

    // For the warp whose queries begin with `row`.
    __device__ static PageView view(const Queries &queries, int row, int page) {
        PageView v;
#pragma unroll
        for (int i = 0; i < 2; i++) {
            const int q = row + threadIdx.x % LANES / 4 + 8 * i;
            v.visible[i] = q < queries.count ? visible(queries, q, page) : 0;
        }
        v.least = row < queries.count ? visible(queries, row, page) : 0;
        v.most = row < queries.count ? visible(queries, min(row + WARP_QUERIES, queries.count) - 1, page) : 0;
        return v;
    }

    // Queries' parts, [PARTS][rows][WIDTH], zero beyond headDim and the queries there are.
    __device__ void load_queries(const Queries &queries, bf16 *parts, int rows) {
#pragma unroll 1
        for (int i = threadIdx.x; i < rows * WIDTH / 2; i += MMA_ATTENTION_THREADS) {
            const int query = i / (WIDTH / 2);
            const int d = i % (WIDTH / 2) * 2;
            float2 v = {0.0f, 0.0f};
            if (query < queries.count && d < s.head_dim) { // which is even
                const int head = kv_head * s.group() + queries.head(query);
                v = *reinterpret_cast<const float2 *>(
                    in.q + (long long)queries.token(query) * s.ldq + head * s.head_dim + d);
            }
            unsigned words[PARTS];
            split<PARTS>(v.x, v.y, words);
#pragma unroll
            for (int p = 0; p < PARTS; p++) {
                *reinterpret_cast<unsigned *>(parts + p * rows * WIDTH + Rows::at(query, d / 8) + d % 8) = words[p];
            }
        }
        if (threadIdx.x < WIDTH / 2) {
            reinterpret_cast<unsigned *>(slots + ZEROS)[threadIdx.x] = 0;
        }
    }

    // Starts to bring a page's keys or values to a place, as far as the queries see them, if they do; zeros behind their
    // stride.
    __device__ void copy_page(const Queries &queries, int place, int page, bool values, int thread, int threads) {
        const int tokens = visible(queries, queries.count - 1, page);
        if (tokens == 0) {
            return;
        }
        const int stride = s.stride();
        const bf16 *from = in.pool + s.keys_at(block_table[page], kv_head) + (values ? s.values_behind() : 0);
#pragma unroll 1
        for (int i = thread; i < tokens * Rows::GROUPS; i += threads) {
            const int token = i / Rows::GROUPS;
            const int group = i % Rows::GROUPS;
            bf16 *to = slots + place + Rows::at(token, group);
            if (group * 8 < stride) {
                copy_async(to, from + token * stride + group * 8);
            } else {
                *reinterpret_cast<uint4 *>(to) = uint4{0, 0, 0, 0};
            }
        }
    }

    // 16 queries' values in shared memory, [queries][RESULT_STRIDE], in the place of a page.
    __device__ float *result(int slot) const { return reinterpret_cast<float *>(slots + slot * SLOT); }

    // With few queries every warp has found one page of a split: folds the pages, and then the split into what every
    // thread has a share of.
    __device__ void exchange(
        const FoldedQueries<WIDTH> &page, FoldedQueries<WIDTH> &total, const SplitFold &folds, int pages) {
        const int lane = threadIdx.x % LANES;
        const int warp = threadIdx.x / LANES;
        __syncwarp(); // nobody needs the page any more
        if (warp < pages) {
            page.put(result(warp), RESULT_STRIDE);
            if (lane % 4 == 0) {
                folds.found(warp, lane / 4, page.largest[0], page.sum[0]);
                folds.found(warp, lane / 4 + 8, page.largest[1], page.sum[1]);
            }
        }
        __syncthreads();
        folds.fold(pages);
        __syncthreads();
#pragma unroll 1
        for (int e = 0; e < SHARE; e++) {
            float value = 0.0f;
#pragma unroll 1
            for (int p = 0; p < pages; p++) {
                value = folds.add_page(p, share_query(e), value, result(p)[share_place(e)]);
            }
            result(0)[share_place(e)] = value;
        }
#pragma unroll
        for (int e = 0; e < SHARE; e++) {
            float &to = share(total, e);
            to = folds.add_split(share_query(e), to, result(0)[share_place(e)]);
        }
        __syncthreads(); // the next pages replace the results
    }

    // A thread's e-th share is an element of a query; here in a result, and in registers that have no better use then.
    __device__ static int share_query(int e) {
        return threadIdx.x / WIDTH + e * (MMA_ATTENTION_THREADS / WIDTH);
    }
    __device__ static int share_place(int e) {
        constexpr int NEXT = MMA_ATTENTION_THREADS / WIDTH * RESULT_STRIDE;
        return threadIdx.x / WIDTH * RESULT_STRIDE + threadIdx.x % WIDTH + e * NEXT;
    }
    __device__ static float &share(FoldedQueries<WIDTH> &total, int e) {
        return total.values[e / 8][e / 4 % 2][e % 4];
    }

    // The results, to where they go; a whole one of few queries is yet to be divided by the sums of weights.
    __device__ void store(const Queries &queries, const SplitFold &folds, bool few, float *partial) const {
#pragma unroll 1
        for (int i = threadIdx.x; i < queries.count * WIDTH; i += MMA_ATTENTION_THREADS) {
            const int query = i / WIDTH;
            const int d = i % WIDTH;
            if (d < s.head_dim) {
                const int head = queries.head(query);
                float *to = partial != nullptr ? output.partial_of(partial, head)
                                               : output.of(in.out, queries.token(query), head);
                const float factor = few && partial == nullptr ? 1.0f / folds.sum(query) : 1.0f;
                to[d] = result(query / WARP_QUERIES)[query % WARP_QUERIES * RESULT_STRIDE + d] * factor;
            }
        }
    }
};

} // namespace m1

ATTENTION(m1_attention_mma_bf16_d32, m1::bf16, m1::MmaAttention<32>, 128)
ATTENTION(m1_attention_mma_bf16_d64, m1::bf16, m1::MmaAttention<64>, 128)
ATTENTION(m1_attention_mma_bf16_d128, m1::bf16, m1::MmaAttention<128>, 128)
