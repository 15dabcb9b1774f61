// Attention of 16 queries to one page of 64 tokens on tensor cores, by one warp. Everything that decides about bits is
// here, so that it does not matter who hands the page over and what becomes of its result.
//
// Queries are the 16 rows of a product; a lane has two of them, lane / 4 and eight on. A score is a single chain of
// products of 16 elements of the head, the smallest part of the query first; a mixed value is one of products of 16
// tokens. A query is the exact sum of three bfloat16 parts. A weight 2^(score - largest) is rounded to two of them,
// that is to 17 bits, and the sum by which values are divided is of the rounded weights, from a product with ones.
#pragma once
#include "mma.cuh"

namespace m1 {

// 2^x within 2 ulp, as exp2f, but 0 where that is not a normal float: one instruction.
__device__ inline float power_of_2(float x) {
#ifdef M1_HOST_EMULATION
    const float y = exp2f(x);
    return y < 0x1p-126f ? 0.0f : y;
#else
    float y;
    asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(y) : "f"(x));
    return y;
#endif
}

constexpr int WARP_QUERIES = 16;
constexpr int WEIGHT_PARTS = 2;
constexpr int PAGE_STEPS = PAGE / 16; // products from a page's first token to its last

// Rows of WIDTH bfloat16 in shared memory. Neighbouring rows have their groups of 8 elements in different orders, so
// that the same group of 8 rows comes from all banks: group g of row r is its (g ^ r % 8)-th.
template <int WIDTH> struct SharedRows {
    static constexpr int GROUPS = WIDTH / 8;
    static_assert(GROUPS >= 4 && (GROUPS & (GROUPS - 1)) == 0, "a power of 2");

    // Where a group lies, in elements from row 0 on.
    __device__ static int at(int row, int group) {
        return row * WIDTH + (group ^ (row & (GROUPS < 8 ? GROUPS - 1 : 7))) * 8;
    }
    // From the place of group 0 or 1 of a row to that of the group 2 n on.
    __device__ static int further(int place, int n) { return place ^ 16 * n; }
};

// How much of a page the queries of a warp see.
struct PageView {
    int visible[2];  // of this lane's queries: tokens from the page's first one on, 0 to PAGE
    int least, most; // of all queries that there are
};

template <int WIDTH> class AttentionPage {
    using Rows = SharedRows<WIDTH>;

    float c[2 * PAGE_STEPS][4]; // scores: [tokens / 8], of query lane / 4, two, then of the other
    unsigned parts[PAGE_STEPS][WEIGHT_PARTS][4]; // of the weights, as the left side of products

  public:
    float largest[2]; // score of this lane's queries, times scale; -infinity if they see nothing
    float sum[2];     // of their weights

    // Scores, from queries' parts [PARTS][part_rows][WIDTH], of which this warp has 16 from `row` on, and keys
    // [PAGE][WIDTH], of which `most` are there; `zeros` [WIDTH] stand for the others. All are places in `shared`.
    __device__ void scores(
        const bf16 *shared, int queries, int part_rows, int row, int keys, int zeros, int most) {
        const int lane = threadIdx.x % LANES;
        const int query = queries + Rows::at(row + lane % 16, lane / 16); // what this lane gives the address of
        int key[PAGE_STEPS];
#pragma unroll
        for (int j = 0; j < PAGE_STEPS; j++) {
            const int token = 16 * j + lane / 16 * 8 + lane % 8;
            key[j] = (token < most ? keys + token * WIDTH : zeros) + Rows::at(lane % 8, lane / 8 % 2) % WIDTH;
#pragma unroll
            for (int i = 0; i < 4; i++) {
                c[2 * j][i] = c[2 * j + 1][i] = 0.0f;
            }
        }
#pragma unroll 1
        for (int k = 0; k < WIDTH / 16; k++) {
            unsigned a[PARTS][4];
#pragma unroll
            for (int p = 0; p < PARTS; p++) {
                load_matrices(a[p], shared + p * part_rows * WIDTH + Rows::further(query, k));
            }
#pragma unroll
            for (int j = 0; j < PAGE_STEPS; j++) {
                unsigned b[4]; // of two groups of 8 tokens
                load_matrices(b, shared + Rows::further(key[j], k));
#pragma unroll
                for (int p = PARTS - 1; p >= 0; p--) {
                    mma(c[2 * j], a[p], b);
                    mma(c[2 * j + 1], a[p], b + 2);
                }
            }
        }
    }

    // From scores to weights; zero where a query does not see.
    __device__ void weights(const PageView &view, float scale) {
        const int first = threadIdx.x % 4 * 2; // token of the lane's first score
        largest[0] = largest[1] = -INFINITY;
#pragma unroll
        for (int j = 0; j < 2 * PAGE_STEPS; j++) {
#pragma unroll
            for (int i = 0; i < 4; i++) {
                if (view.least < PAGE) { // the same for all lanes
                    c[j][i] = 8 * j + first + i % 2 < view.visible[i / 2] ? c[j][i] : -INFINITY;
                }
                largest[i / 2] = fmaxf(largest[i / 2], c[j][i]);
            }
        }
        float base[2];
#pragma unroll
        for (int i = 0; i < 2; i++) {
            largest[i] = fmaxf(largest[i], __shfl_xor_sync(ALL_LANES, largest[i], 1));
            largest[i] = fmaxf(largest[i], __shfl_xor_sync(ALL_LANES, largest[i], 2)) * scale;
            base[i] = largest[i] == -INFINITY ? 0.0f : largest[i];
        }
#pragma unroll
        for (int j = 0; j < 2 * PAGE_STEPS; j++) {
#pragma unroll
            for (int i = 0; i < 2; i++) {
                unsigned words[WEIGHT_PARTS];
                split<WEIGHT_PARTS>(power_of_2(fmaf(c[j][2 * i], scale, -base[i])),
                                    power_of_2(fmaf(c[j][2 * i + 1], scale, -base[i])), words);
#pragma unroll
                for (int p = 0; p < WEIGHT_PARTS; p++) {
                    parts[j / 2][p][j % 2 * 2 + i] = words[p];
                }
            }
        }
        sum_up();
    }

    // Hands the weighted values [PAGE][WIDTH] of 16 elements from 16 n on to put(n, mixed[2][4], whose), laid out as a
    // product's result; whose[i] says whether those of the lane's i-th query are meant.
    //
    // What a query does not see must not even be multiplied by 0: it may be infinite. Where queries of a warp see
    // different parts of a page, and something there is not finite, every query gets a product of its own.
    template <class Put>
    __device__ void values(const bf16 *shared, int values, int zeros, const PageView &view, Put put) const {
        const bool wild = view.least < view.most && any_not_finite(shared + values, view.least, view.most);
        int tokens = wild ? view.least : view.most;
#pragma unroll 1
        do {
            const bool whose[2] = {!wild || view.visible[0] == tokens, !wild || view.visible[1] == tokens};
            product(shared, values, zeros, tokens, [&](int n, const float mixed[2][4]) { put(n, mixed, whose); });
            tokens++;
        } while (tokens <= view.most);
    }

  private:
    __device__ void sum_up() {
        const unsigned ones[2] = {0x3f803f80u, 0x3f803f80u};
        float sums[4] = {}; // the 8 columns are the same
#pragma unroll
        for (int t = 0; t < PAGE_STEPS; t++) {
#pragma unroll
            for (int p = WEIGHT_PARTS - 1; p >= 0; p--) {
                mma(sums, parts[t][p], ones);
            }
        }
        sum[0] = sums[0];
        sum[1] = sums[2];
    }

    // With zeros for tokens that are not among the first ones.
    template <class Put>
    __device__ void product(const bf16 *shared, int values, int zeros, int tokens, Put put) const {
        const int lane = threadIdx.x % LANES;
        int value[PAGE_STEPS]; // what this lane gives the address of
#pragma unroll
        for (int t = 0; t < PAGE_STEPS; t++) {
            const int token = 16 * t + lane % 16;
            value[t] = (token < tokens ? values + token * WIDTH : zeros) + Rows::at(lane % 8, lane / 16) % WIDTH;
        }
#pragma unroll
        for (int n = 0; n < WIDTH / 16; n++) {
            float mixed[2][4] = {};
#pragma unroll
            for (int t = 0; t < PAGE_STEPS; t++) {
                unsigned b[4];
                load_transposed(b, shared + Rows::further(value[t], n));
#pragma unroll
                for (int p = WEIGHT_PARTS - 1; p >= 0; p--) {
                    mma(mixed[0], parts[t][p], b);
                    mma(mixed[1], parts[t][p], b + 2);
                }
            }
            put(n, mixed);
        }
    }

    // Whether anything in rows `from` to `to` of the values is infinite or NaN; the same for all lanes.
    __device__ static bool any_not_finite(const bf16 *values, int from, int to) {
        bool found = false;
        const int lane = threadIdx.x % LANES;
#pragma unroll 1
        for (int i = from * Rows::GROUPS + lane; i < to * Rows::GROUPS; i += LANES) {
            const uint4 v = *reinterpret_cast<const uint4 *>(values + i * 8);
            const unsigned words[4] = {v.x, v.y, v.z, v.w};
#pragma unroll
            for (int w = 0; w < 4; w++) {
                found |= (words[w] & 0x7f80u) == 0x7f80u || (words[w] & 0x7f800000u) == 0x7f800000u;
            }
        }
        return __ballot_sync(ALL_LANES, found) != 0;
    }
};

} // namespace m1
