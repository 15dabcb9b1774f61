// How tensor-core attention folds pages into splits and splits into a result: in a warp's registers, or, where every
// warp has a page of its own, through shared memory. The operations and their order are the same, and so are the bits.
#pragma once
#include "attention.cuh"
#include "attention_page.cuh"

namespace m1 {

constexpr int SPLIT_PAGES = SPLIT / PAGE;

// 16 queries of a warp, folded so far. A lane has two, lane / 4 and eight on; values[n] are their elements from 16 n on,
// in the places of two products' results.
template <int WIDTH> struct FoldedQueries {
    float values[WIDTH / 16][2][4];
    float largest[2], sum[2];

    __device__ void clear() {
#pragma unroll
        for (int n = 0; n < WIDTH / 16; n++) {
#pragma unroll
            for (int i = 0; i < 8; i++) {
                values[n][i / 4][i % 4] = 0.0f;
            }
        }
#pragma unroll
        for (int i = 0; i < 2; i++) {
            largest[i] = -INFINITY;
            sum[i] = 0.0f;
        }
    }

    // A page, whose values lie in `shared`; see AttentionPage::values.
    __device__ void add(const AttentionPage<WIDTH> &page, const bf16 *shared, int page_values, int zeros,
                        const PageView &view) {
        const Fold fold[2] = {begin(0, page.largest, page.sum), begin(1, page.largest, page.sum)};
        page.values(shared, page_values, zeros, view, [&](int n, const float mixed[2][4], const bool whose[2]) {
#pragma unroll
            for (int i = 0; i < 8; i++) {
                float &to = values[n][i / 4][i % 4];
                to = whose[i % 4 / 2] ? fold[i % 4 / 2].add(to, mixed[i / 4][i % 4]) : to;
            }
        });
    }

    // A split.
    __device__ void add(const FoldedQueries &other) {
        const Fold fold[2] = {begin(0, other.largest, other.sum), begin(1, other.largest, other.sum)};
#pragma unroll
        for (int n = 0; n < WIDTH / 16; n++) {
#pragma unroll
            for (int i = 0; i < 8; i++) {
                float &to = values[n][i / 4][i % 4];
                to = fold[i % 4 / 2].add(to, other.values[n][i / 4][i % 4]);
            }
        }
    }

    // By the sum of weights.
    __device__ void divide() {
        const float inverse[2] = {1.0f / sum[0], 1.0f / sum[1]};
#pragma unroll
        for (int n = 0; n < WIDTH / 16; n++) {
#pragma unroll
            for (int i = 0; i < 8; i++) {
                values[n][i / 4][i % 4] *= inverse[i % 4 / 2];
            }
        }
    }

    // Into rows of shared memory.
    __device__ void put(float *rows, int stride) const {
        const int lane = threadIdx.x % LANES;
        float *to = rows + lane / 4 * stride + lane % 4 * 2;
#pragma unroll
        for (int n = 0; n < WIDTH / 8; n++) {
            const float *v = values[n / 2][n % 2];
            *reinterpret_cast<float2 *>(to + 8 * n) = float2{v[0], v[1]};
            *reinterpret_cast<float2 *>(to + 8 * stride + 8 * n) = float2{v[2], v[3]};
        }
    }

  private:
    // How what comes with these largest scores and sums is folded in; takes note of them.
    __device__ Fold begin(int i, const float added_largest[2], const float added_sum[2]) {
        const Fold fold(largest[i], added_largest[i]);
        largest[i] = fold.largest;
        sum[i] = fold.add(sum[i], added_sum[i]);
        return fold;
    }
};

// What the block's warps find in the pages of a split, one page each, of the same 16 queries, and how it is folded; in
// shared memory. Methods are called by the whole block, unless they have a query.
class SplitFold {
    float *const first;  // [SPLIT_PAGES + 1][queries]: largest score, then Fold::before; the splits so far last
    float *const second; // [SPLIT_PAGES + 1][queries]: sum of weights, then Fold::now
    float *const total_largest; // [queries], of the splits so far
    float *const total_sum;     // [queries], of the splits so far

  public:
    static constexpr int FLOATS = (2 * SPLIT_PAGES + 4) * WARP_QUERIES;

    __device__ explicit SplitFold(float *shared)
        : first(shared), second(first + (SPLIT_PAGES + 1) * WARP_QUERIES),
          total_largest(second + (SPLIT_PAGES + 1) * WARP_QUERIES), total_sum(total_largest + WARP_QUERIES) {}

    __device__ float largest(int query) const { return total_largest[query]; }
    __device__ float sum(int query) const { return total_sum[query]; }

    __device__ void clear() const {
        if (threadIdx.x < WARP_QUERIES) {
            total_largest[threadIdx.x] = -INFINITY;
            total_sum[threadIdx.x] = 0.0f;
        }
    }

    // Takes note of a page.
    __device__ void found(int page, int query, float largest, float sum) const {
        first[page * WARP_QUERIES + query] = largest;
        second[page * WARP_QUERIES + query] = sum;
    }

    __device__ void fold(int pages) const {
        const int query = threadIdx.x;
        if (query >= WARP_QUERIES) {
            return;
        }
        float largest = -INFINITY;
        float sum = 0.0f;
#pragma unroll 1
        for (int page = 0; page < pages; page++) {
            const int i = page * WARP_QUERIES + query;
            const Fold fold(largest, first[i]);
            sum = fold.add(sum, second[i]);
            largest = fold.largest;
            first[i] = fold.before;
            second[i] = fold.now;
        }
        const Fold fold(total_largest[query], largest);
        total_sum[query] = fold.add(total_sum[query], sum);
        total_largest[query] = fold.largest;
        first[SPLIT_PAGES * WARP_QUERIES + query] = fold.before;
        second[SPLIT_PAGES * WARP_QUERIES + query] = fold.now;
    }

    // Adds a page's value to those of its split.
    __device__ float add_page(int page, int query, float folded, float added) const {
        const int i = page * WARP_QUERIES + query;
        return fmaf(folded, first[i], added * second[i]); // as Fold::add
    }

    // Adds the split's value to those of the splits so far.
    __device__ float add_split(int query, float folded, float added) const {
        return add_page(SPLIT_PAGES, query, folded, added);
    }
};

} // namespace m1
