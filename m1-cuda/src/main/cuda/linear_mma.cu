// Linear layers with bfloat16 weights on the tensor cores, for float activations in three bfloat16 parts (see mma.cuh).
//
// Weights are the 16 rows of a product and tokens its 8 columns, also for a single token. The columns of W are cut into
// 8 segments, at places that depend on their number only. A segment is summed in ascending order, in products of 16
// columns, smallest parts first; segments are added in ascending order. Whether 8 warps take a segment each (few
// tokens: every weight is read once, by many warps) or one warp takes all (many tokens), the operations are the same,
// and so are the bits.
//
// A lane reads 16 bytes of a row, 8 columns, straight into the registers of two products: which of the columns a
// product calls its k-th does not matter, if activations come in the same order.
#include "linear.cuh"
#include "mma.cuh"

namespace m1 {

constexpr int MMA_WARPS = 8;
constexpr int MMA_THREADS = MMA_WARPS * LANES;
constexpr int SEGMENTS = 8;
constexpr int STEP = 32; // columns, of two products
constexpr int MMA_AHEAD = 512; // bytes of a row that are asked for while the kernel before still runs

__device__ inline int steps_of(int k) { return (k + STEP - 1) / STEP; }

// Where a segment begins, and the one before it ends.
__device__ inline int first_step(int segment, int steps) { return segment * steps / SEGMENTS; }

struct MmaInput {
    const float *x;    // this lane's token, at the lane's first column
    const float *gain; // at the lane's first column, or null
    int columns;       // from there to the end of the row
};

// Eight activations of a lane's token, from column `at` on; zero beyond the end. Adds their squares.
__device__ inline void load_activations(const MmaInput &in, int at, float v[8], float &squares) {
    if (at + 8 <= in.columns) {
        *reinterpret_cast<float4 *>(v) = *reinterpret_cast<const float4 *>(in.x + at);
        *reinterpret_cast<float4 *>(v + 4) = *reinterpret_cast<const float4 *>(in.x + at + 4);
    } else {
#pragma unroll
        for (int i = 0; i < 8; i++) {
            v[i] = at + i < in.columns ? in.x[at + i] : 0.0f;
        }
    }
    if (in.gain != nullptr) {
#pragma unroll
        for (int i = 0; i < 8; i++) {
            squares = fmaf(v[i], v[i], squares);
            v[i] *= at + i < in.columns ? in.gain[at + i] : 0.0f;
        }
    }
}

// A warp's sums for ROWS times 16 rows and TILES times 8 tokens.
template <int ROWS, int TILES> struct MmaSums {
    float c[ROWS][TILES][4];
    float squares[TILES]; // of token lane / 4 of the tile, this lane's columns; after finish(): all columns

    __device__ void clear() {
#pragma unroll
        for (int j = 0; j < TILES; j++) {
            squares[j] = 0.0f;
#pragma unroll
            for (int r = 0; r < ROWS; r++) {
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    c[r][j][i] = 0.0f;
                }
            }
        }
    }

    // One step. `w` is what this lane has of rows 2g and 2g + 1 of every 16.
    __device__ void step(const uint4 w[ROWS][2], const MmaInput in[TILES], int at) {
#pragma unroll
        for (int j = 0; j < TILES; j++) {
            float v[8];
            load_activations(in[j], at, v, squares[j]);
            unsigned parts[4][PARTS];
#pragma unroll
            for (int i = 0; i < 4; i++) {
                split<PARTS>(v[2 * i], v[2 * i + 1], parts[i]);
            }
#pragma unroll
            for (int r = 0; r < ROWS; r++) {
                const unsigned first[4] = {w[r][0].x, w[r][1].x, w[r][0].y, w[r][1].y};
                const unsigned second[4] = {w[r][0].z, w[r][1].z, w[r][0].w, w[r][1].w};
#pragma unroll
                for (int p = PARTS - 1; p >= 0; p--) {
                    const unsigned b[2] = {parts[0][p], parts[1][p]};
                    mma(c[r][j], first, b);
                }
#pragma unroll
                for (int p = PARTS - 1; p >= 0; p--) {
                    const unsigned b[2] = {parts[2][p], parts[3][p]};
                    mma(c[r][j], second, b);
                }
            }
        }
    }

    // Adds up the squares of the four lanes that share a token.
    __device__ void finish() {
#pragma unroll
        for (int j = 0; j < TILES; j++) {
            squares[j] += __shfl_xor_sync(ALL_LANES, squares[j], 1);
            squares[j] += __shfl_xor_sync(ALL_LANES, squares[j], 2);
        }
    }

    // Drops the first tile; the others move up.
    __device__ void shift() {
#pragma unroll
        for (int j = 1; j < TILES; j++) {
            squares[j - 1] = squares[j];
#pragma unroll
            for (int r = 0; r < ROWS; r++) {
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    c[r][j - 1][i] = c[r][j][i];
                }
            }
        }
    }

    __device__ void add(const MmaSums &other) {
#pragma unroll
        for (int j = 0; j < TILES; j++) {
            squares[j] += other.squares[j];
#pragma unroll
            for (int r = 0; r < ROWS; r++) {
#pragma unroll
                for (int i = 0; i < 4; i++) {
                    c[r][j][i] += other.c[r][j][i];
                }
            }
        }
    }
};

// What a warp works on, and where its lanes read.
template <int ROWS, int TILES> struct MmaWork {
    const bf16 *w[ROWS][2]; // rows 2g and 2g + 1 of every 16, at the lane's first column
    MmaInput in[TILES];
    int steps;

    __device__ MmaWork(const bf16 *weight, const float *x, const int *gather, const float *gain, int row,
                       int first_token, int tokens, const LinearShape &s) {
        const int lane = threadIdx.x % LANES;
        const int column = lane % 4 * 8;
        steps = steps_of(s.k);
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
#pragma unroll
            for (int i = 0; i < 2; i++) {
                const int at = min(row + 16 * r + lane / 4 * 2 + i, s.n - 1); // beyond the end: not stored
                w[r][i] = weight + (long long)at * s.ldw + column;
            }
        }
#pragma unroll
        for (int j = 0; j < TILES; j++) {
            const int token = min(first_token + 8 * j + lane / 4, tokens - 1);
            in[j].x = x + (long long)(gather != nullptr ? gather[token] : token) * s.ldx + column;
            in[j].gain = gain != nullptr ? gain + column : nullptr;
            in[j].columns = s.k - column;
        }
    }

    // Sums of one segment. AHEAD steps' weights are on their way at a time.
    template <int AHEAD> __device__ void segment(int segment, MmaSums<ROWS, TILES> &sums) const {
        const int end = first_step(segment + 1, steps);
        int step = first_step(segment, steps);
        sums.clear();
#pragma unroll 1
        for (; step + AHEAD <= end; step += AHEAD) {
            uint4 loaded[AHEAD][ROWS][2];
#pragma unroll
            for (int a = 0; a < AHEAD; a++) {
                load(step + a, loaded[a]);
            }
#pragma unroll
            for (int a = 0; a < AHEAD; a++) {
                sums.step(loaded[a], in, (step + a) * STEP);
            }
        }
#pragma unroll 1
        for (; step < end; step++) {
            uint4 loaded[ROWS][2];
            load(step, loaded);
            sums.step(loaded, in, step * STEP);
        }
        sums.finish();
    }

    __device__ void load(int step, uint4 to[ROWS][2]) const {
#pragma unroll
        for (int r = 0; r < ROWS; r++) {
            to[r][0] = load_streaming(w[r][0] + step * STEP);
            to[r][1] = load_streaming(w[r][1] + step * STEP);
        }
    }
};

// Asks for the weights from `step` on, at most up to `end`, of rows that this warp will read.
__device__ inline void mma_prefetch(
    const bf16 *weight, int row, int rows, int step, int end, int lane, const LinearShape &s) {
    constexpr int STEP_BYTES = STEP * sizeof(bf16);
    prefetch_rows(
        weight + (long long)row * s.ldw + step * STEP, (long long)s.ldw * sizeof(bf16), min(s.n - row, rows),
        min((end - step) * STEP_BYTES, MMA_AHEAD), lane);
}

// Stores what a lane has of 16 rows and 8 tokens: two tokens of a pair of rows.
__device__ inline void mma_store(
    const float c[4], const float scale[2], int row, int token, int tokens, const float *bias, float *y,
    const LinearShape &s) {
    const int lane = threadIdx.x % LANES;
    const int pair = row + lane / 4 * 2;
    const int first = token + lane % 4 * 2;
#pragma unroll
    for (int i = 0; i < 2; i++) {
        if (pair < s.n && first + i < tokens) {
            linear_store(c[i] * scale[i], c[2 + i] * scale[i], pair, first + i, bias, y, s);
        }
    }
}

// Keeps the likeliest of the rows that a warp has for 8 tokens. `keys` are a lane's, of two tokens.
__device__ inline void mma_keep(u64 keys[2], int token, int tokens, u64 *likeliest) {
    const int first = token + threadIdx.x % 4 * 2;
#pragma unroll
    for (int i = 0; i < 2; i++) {
        const u64 key = largest_key(keys[i], 4, 16);
        if (threadIdx.x % LANES < 4 && first + i < tokens) {
            keep_likeliest(likeliest + first + i, key);
        }
    }
}

// The better of a key and those of 16 rows and two tokens, as mma_store takes them.
__device__ inline u64 mma_key(const float c[4], const float scale[2], int i, int row, int n, u64 key) {
    const int pair = row + threadIdx.x % LANES / 4 * 2;
    key = max(key, pair < n ? likeliest_key(c[i] * scale[i], pair) : 0);
    return max(key, pair + 1 < n ? likeliest_key(c[2 + i] * scale[i], pair + 1) : 0);
}

// Few tokens: 16 rows and 8 TILES tokens a block, a segment a warp. Grid (ceil(n / 16), ceil(tokens / (8 TILES))).
template <int TILES>
__device__ inline void linear_split(
    const bf16 *weight, const float *bias, const float *x, const int *gather, const float *gain, float *y,
    const int *count, u64 *likeliest, const LinearShape &s) {
    __shared__ float shared_c[SEGMENTS][TILES][4][LANES];
    __shared__ float shared_squares[SEGMENTS][TILES][8];
    const int row = blockIdx.x * 16;
    const int warp = threadIdx.x / LANES, lane = threadIdx.x % LANES;
    launch_dependents();
    const int steps = steps_of(s.k);
    mma_prefetch(weight, row, 16, first_step(warp, steps), first_step(warp + 1, steps), lane, s);
    dependency_wait();
    const int tokens = *count;
    const int first_token = blockIdx.y * 8 * TILES;
    if (first_token >= tokens) {
        return;
    }
    MmaSums<1, TILES> sums;
    MmaWork<1, TILES>(weight, x, gather, gain, row, first_token, tokens, s)
        .template segment<TILES == 1 ? 4 : 2>(warp, sums);
#pragma unroll
    for (int j = 0; j < TILES; j++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            shared_c[warp][j][i][lane] = sums.c[0][j][i];
        }
        if (lane % 4 == 0) {
            shared_squares[warp][j][lane / 4] = sums.squares[j];
        }
    }
    __syncthreads();
    if (warp >= TILES) {
        return;
    }
    float c[4] = {};
    float squares[2] = {};
    for (int segment = 0; segment < SEGMENTS; segment++) {
#pragma unroll
        for (int i = 0; i < 4; i++) {
            c[i] += shared_c[segment][warp][i][lane];
        }
        squares[0] += shared_squares[segment][warp][lane % 4 * 2];
        squares[1] += shared_squares[segment][warp][lane % 4 * 2 + 1];
    }
    float scale[2] = {1.0f, 1.0f};
    if (gain != nullptr) {
        scale[0] = inverse_rms(squares[0], s.k, s.eps);
        scale[1] = inverse_rms(squares[1], s.k, s.eps);
    }
    mma_store(c, scale, row, first_token + 8 * warp, tokens, bias, y, s);
    if (likeliest != nullptr) {
        u64 keys[2] = {mma_key(c, scale, 0, row, s.n, 0), mma_key(c, scale, 1, row, s.n, 0)};
        mma_keep(keys, first_token + 8 * warp, tokens, likeliest);
    }
}

// Many tokens: 32 rows a warp, 256 a block, and 64 tokens. Grid (ceil(n / 256), ceil(tokens / 64)).
constexpr int MANY_ROWS = 2;
constexpr int MANY_TILES = 8;

__device__ inline void linear_many(
    const bf16 *weight, const float *bias, const float *x, const int *gather, const float *gain, float *y,
    const int *count, u64 *likeliest, const LinearShape &s) {
    const int row = (blockIdx.x * MMA_WARPS + threadIdx.x / LANES) * 16 * MANY_ROWS;
    const int lane = threadIdx.x % LANES;
    launch_dependents();
    mma_prefetch(weight, row, 16 * MANY_ROWS, 0, steps_of(s.k), lane, s);
    dependency_wait();
    const int tokens = *count;
    const int first_token = blockIdx.y * 8 * MANY_TILES;
    if (first_token >= tokens || row >= s.n) {
        return; // whole warps
    }
    const MmaWork<MANY_ROWS, MANY_TILES> work(weight, x, gather, gain, row, first_token, tokens, s);
    MmaSums<MANY_ROWS, MANY_TILES> total;
    total.clear();
#pragma unroll 1
    for (int segment = 0; segment < SEGMENTS; segment++) {
        MmaSums<MANY_ROWS, MANY_TILES> sums;
        work.template segment<1>(segment, sums);
        total.add(sums);
    }
    // A real loop, through which the tiles move: unrolled, what follows a product would be most of the code.
#pragma unroll 1
    for (int j = 0; j < MANY_TILES; j++, total.shift()) {
        float scale[2] = {1.0f, 1.0f};
        if (gain != nullptr) {
            const float inverse = inverse_rms(total.squares[0], s.k, s.eps); // of token lane / 4
            scale[0] = __shfl_sync(ALL_LANES, inverse, lane % 4 * 8);
            scale[1] = __shfl_sync(ALL_LANES, inverse, lane % 4 * 8 + 4);
        }
#pragma unroll
        for (int r = 0; r < MANY_ROWS; r++) {
            mma_store(total.c[r][0], scale, row + 16 * r, first_token + 8 * j, tokens, bias, y, s);
        }
        if (likeliest != nullptr) {
            u64 keys[2] = {};
#pragma unroll
            for (int r = 0; r < MANY_ROWS; r++) {
                keys[0] = mma_key(total.c[r][0], scale, 0, row + 16 * r, s.n, keys[0]);
                keys[1] = mma_key(total.c[r][0], scale, 1, row + 16 * r, s.n, keys[1]);
            }
            mma_keep(keys, first_token + 8 * j, tokens, likeliest);
        }
    }
}

} // namespace m1

#define LINEAR_MMA(name, function)                                                                                     \
    extern "C" __global__ void __launch_bounds__(256)                                                                  \
        name(const m1::bf16 *__restrict__ weight, int ldw, const float *__restrict__ bias,                             \
             const float *x, int ldx, const int *__restrict__ gather, const float *__restrict__ gain,                  \
             float eps, float *__restrict__ y, int ldy, int n, int k, int mode, const int *__restrict__ count,         \
             unsigned long long *__restrict__ likeliest, const __grid_constant__ m1::KvTarget kv) {                    \
        m1::function(                                                                                                  \
            weight, bias, x, gather, gain, y, count, likeliest,                                                        \
            m1::LinearShape{ldw, ldx, ldy, n, k, eps, mode, &kv});                                                     \
    }                                                                                                                  \
    M1_KERNEL(name)

LINEAR_MMA(m1_linear_mma_bf16_m8, linear_split<1>)
LINEAR_MMA(m1_linear_mma_bf16_m16, linear_split<2>)
LINEAR_MMA(m1_linear_mma_bf16_m32, linear_split<4>)
LINEAR_MMA(m1_linear_mma_bf16_m64, linear_many)
