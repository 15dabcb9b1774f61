// The sampler of dev.m1.sampling.Sampler, by one block of 1024 threads: every sum is of integers, so the order in which
// threads come does not matter and the same logits give the same id.
#pragma once
#include "likeliest.cuh"
#include "reduce.cuh"
#include "token_weight.cuh"

namespace m1 {

// How one id is picked; 96 bytes, as the host writes them.
struct Draw {
    double temperature; // 0: the likeliest id
    double top_p, min_p; // 1 and 0: off
    double repetition, presence, frequency; // 1, 0, 0: off
    u64 seed, sample_index;
    int top_k; // 0: off
    int position; // of the token that is picked
    int history_from, history_length; // the row's part of `history`
    int generated_from; // within that part
    int logits_row; // whose logits
    int row; // index in the step, where `sampled` takes the id
    int unused;

    __device__ bool repeats() const { return repetition != 1.0; }
    __device__ bool counts() const { return presence != 0.0 || frequency != 0.0; }
};

constexpr unsigned SEEN = 0x80000000u; // in a mark; below it, how often the id was generated
constexpr int DIGITS = 2048;

__device__ inline float finite(double x) {
    const double most = 3.40282346638528859812e38;
    return (float)(x < -most ? -most : x > most ? most : x);
}

class Sampler {
    float *logits; // [vocab]
    u64 *weights;  // [vocab]; 0 = not a candidate
    const int vocab;

  public:
    __device__ Sampler(float *logits, u64 *weights, int vocab) : logits(logits), weights(weights), vocab(vocab) {}

    // Into `to`, with the penalties; `marks` is zero before and after.
    __device__ void penalise(const Draw &row, const int *history, unsigned *marks, float *to) {
        for (int i = threadIdx.x; i < row.history_length; i += SAMPLING_THREADS) {
            const int id = history[row.history_from + i];
            atomicOr(&marks[id], SEEN);
            if (i >= row.generated_from) {
                atomicAdd(&marks[id], 1u);
            }
        }
        __syncthreads();
        for (int i = threadIdx.x; i < vocab; i += SAMPLING_THREADS) {
            float x = logits[i];
            const unsigned mark = marks[i];
            if (mark != 0) {
                marks[i] = 0;
                if (row.repeats()) {
                    x = finite(x > 0 ? x / row.repetition : x * row.repetition);
                }
                const unsigned times = mark & ~SEEN;
                if (times != 0 && row.counts()) {
                    x = finite(x - (row.presence + row.frequency * times));
                }
            }
            to[i] = x;
        }
        __syncthreads();
        logits = to;
    }

    __device__ Best best() const {
        Best mine{0.0f, -1};
        for (int i = threadIdx.x; i < vocab; i += SAMPLING_THREADS) {
            mine = Better()(mine, Best{logits[i], logits[i] == logits[i] ? i : -1});
        }
        return block_reduce(mine, Better());
    }

    __device__ int draw(const Draw &row, float largest) {
        const int least = row.top_k > 0 && row.top_k < vocab ? threshold(row.top_k, false).key : -0x7fffffff - 1;
        for (int i = threadIdx.x; i < vocab; i += SAMPLING_THREADS) {
            const int key = key_of(logits[i]);
            weights[i] = key >= least ? token_weight(((double)value_of(key) - largest) / row.temperature) : 0;
        }
        __syncthreads();
        if (row.top_p < 1.0) {
            keep_top_p(row.top_p);
        }
        if (row.min_p > 0.0) {
            const u64 lightest = (u64)ceil(row.min_p * (double)(1ull << WEIGHT_SHIFT));
            for (int i = threadIdx.x; i < vocab; i += SAMPLING_THREADS) {
                weights[i] = weights[i] >= lightest ? weights[i] : 0;
            }
            __syncthreads();
        }
        return pick(__umul64hi(random_bits(row.seed, row.sample_index, row.position), total()));
    }

  private:
    struct Threshold {
        int key;   // the largest such that ids with this or a larger one reach the target
        u64 above; // mass of the ids with a larger one
    };

    // Radix descent over sort keys, three digits from the top. Mass is weight, or 1 for each id.
    __device__ Threshold threshold(u64 target, bool weighted) const {
        __shared__ u64 digits[DIGITS];
        __shared__ unsigned found_prefix;
        __shared__ u64 found_above;
        unsigned prefix = 0;
        u64 above = 0;
#pragma unroll 1
        for (int level = 0; level < 3; level++) {
            const int shift = level == 0 ? 21 : level == 1 ? 10 : 0;
            const int width = level == 2 ? 10 : 11;
            for (int i = threadIdx.x; i < DIGITS; i += SAMPLING_THREADS) {
                digits[i] = 0;
            }
            __syncthreads();
            for (int i = threadIdx.x; i < vocab; i += SAMPLING_THREADS) {
                const unsigned key = (unsigned)key_of(logits[i]) ^ 0x80000000u;
                const u64 m = weighted ? weights[i] : 1;
                if (m != 0 && (level == 0 || key >> (shift + width) == prefix)) {
                    atomicAdd(&digits[key >> shift & ((1u << width) - 1)], m);
                }
            }
            __syncthreads();
            if (threadIdx.x < LANES) {
                find_digit(digits, width, target, prefix, above, &found_prefix, &found_above);
            }
            __syncthreads();
            prefix = found_prefix;
            above = found_above;
        }
        __syncthreads(); // all have read what the next search overwrites
        return Threshold{(int)(prefix ^ 0x80000000u), above};
    }

    // By one warp: the largest digit at which the mass from the top reaches the target. A lane has 64 digits.
    __device__ static void find_digit(
        const u64 *digits, int width, u64 target, unsigned prefix, u64 above, unsigned *to_prefix, u64 *to_above) {
        const int lane = threadIdx.x;
        const int per_lane = DIGITS / LANES;
        u64 mine = 0;
        for (int i = 0; i < per_lane; i++) {
            mine += digits[lane * per_lane + i];
        }
        u64 from_here = mine; // mass of this and all higher lanes
#pragma unroll
        for (int offset = 1; offset < LANES; offset <<= 1) {
            const u64 higher = __shfl_down_sync(ALL_LANES, from_here, offset);
            from_here += lane + offset < LANES ? higher : 0;
        }
        u64 so_far = above + from_here - mine;
        if (so_far < target && so_far + mine >= target) { // true in exactly one lane
            int digit = lane * per_lane + per_lane - 1;
            while (so_far + digits[digit] < target) {
                so_far += digits[digit--];
            }
            *to_prefix = prefix << width | (unsigned)digit;
            *to_above = so_far;
        }
    }

    __device__ u64 total() const {
        u64 sum = 0;
        for (int i = threadIdx.x; i < vocab; i += SAMPLING_THREADS) {
            sum += weights[i];
        }
        return block_reduce(sum, Plus<u64>());
    }

    // Keeps the fewest best ids that reach the share p; of equal logits at the edge those with the higher ids.
    __device__ void keep_top_p(double p) {
        const u64 all = total();
        u64 target = (u64)ceil(p * (double)all);
        target = target < 1 ? 1 : target > all ? all : target;
        const Threshold edge = threshold(target, true);
        const u64 missing = target - edge.above;
        int equals = 0;
        u64 weight = 0; // of an id at the edge
        for (int i = threadIdx.x; i < vocab; i += SAMPLING_THREADS) {
            if (key_of(logits[i]) == edge.key && weights[i] != 0) {
                equals++;
                weight = weights[i];
            }
        }
        equals = block_reduce(equals, Plus<int>());
        weight = block_reduce(weight, LargerMass());
        const u64 needed = (missing + weight - 1) / weight;
        const int lowest = needed < (u64)equals ? lowest_of_last(edge.key, (int)needed) : 0;
        for (int i = threadIdx.x; i < vocab; i += SAMPLING_THREADS) {
            const int key = key_of(logits[i]);
            if (key < edge.key || (key == edge.key && i < lowest)) {
                weights[i] = 0;
            }
        }
        __syncthreads();
    }

    struct LargerMass {
        __device__ u64 operator()(u64 a, u64 b) const { return a > b ? a : b; }
    };

    // The id such that it and all higher ones contain `n` candidates with this key. A warp has a range of ids.
    __device__ int lowest_of_last(int key, int n) const {
        __shared__ int counts[SAMPLING_WARPS];
        __shared__ int found;
        const int warp = threadIdx.x / LANES, lane = threadIdx.x % LANES;
        const int range = (vocab + SAMPLING_WARPS - 1) / SAMPLING_WARPS;
        const int begin = warp * range, end = min(vocab, begin + range);
        int count = 0;
        for (int i = begin + lane; i < end; i += LANES) {
            count += key_of(logits[i]) == key && weights[i] != 0;
        }
        count = warp_reduce(count, Plus<int>());
        if (lane == 0) {
            counts[warp] = count;
        }
        __syncthreads();
        int higher = 0;
        for (int w = warp + 1; w < SAMPLING_WARPS; w++) {
            higher += counts[w];
        }
        if (lane == 0 && higher < n && higher + count >= n) { // true in exactly one warp; rare, so by one thread
            int i = end;
            while (higher < n) {
                i--;
                higher += key_of(logits[i]) == key && weights[i] != 0;
            }
            found = i;
        }
        __syncthreads();
        return found;
    }

    // The first id, in ascending order, at which the running sum of weights exceeds the mark.
    __device__ int pick(u64 mark) const {
        __shared__ u64 sums[SAMPLING_WARPS];
        __shared__ int found;
        const int warp = threadIdx.x / LANES, lane = threadIdx.x % LANES;
        const int range = (vocab + SAMPLING_WARPS - 1) / SAMPLING_WARPS;
        const int begin = warp * range, end = min(vocab, begin + range);
        u64 sum = 0;
        for (int i = begin + lane; i < end; i += LANES) {
            sum += weights[i];
        }
        sum = warp_reduce(sum, Plus<u64>());
        __syncthreads();
        if (lane == 0) {
            sums[warp] = sum;
        }
        __syncthreads();
        u64 before = 0;
        for (int w = 0; w < warp; w++) {
            before += sums[w];
        }
        if (before <= mark && before + sum > mark) { // true in exactly one warp
            for (int i = begin; i < begin + range; i += LANES) {
                u64 running = i + lane < end ? weights[i + lane] : 0;
#pragma unroll
                for (int offset = 1; offset < LANES; offset <<= 1) {
                    const u64 lower = __shfl_up_sync(ALL_LANES, running, offset);
                    running += lane >= offset ? lower : 0;
                }
                const unsigned beyond = __ballot_sync(ALL_LANES, before + running > mark);
                if (beyond != 0) {
                    if (lane == 0) {
                        found = i + __ffs(beyond) - 1;
                    }
                    break;
                }
                before += __shfl_sync(ALL_LANES, running, LANES - 1);
            }
        }
        __syncthreads();
        return found;
    }
};

} // namespace m1
