// From logits to ids: a block of 1024 threads per row.
#include "sampler.cuh"

// Picks the ids that are more than the likeliest, into sampled[row]. A block works off draws one after the other, in
// working memory of its own; a row whose logits are not finite gets no id. Grid (any), block 1024.
extern "C" __global__ void __launch_bounds__(1024)
    m1_sample(float *logits, // [rows, ldl], not changed
              int ldl, int vocab, const m1::Draw *__restrict__ draws, const int *__restrict__ history,
              const unsigned long long *likeliest, // [rows], of the LM head
              float *__restrict__ adjusted,             // [blocks, vocab], for draws with penalties
              unsigned *__restrict__ marks,             // [blocks, vocab], zero before and after
              unsigned long long *__restrict__ weights, // [blocks, vocab]
              int *__restrict__ sampled,                // [most rows of a step]
              const int *__restrict__ count) {
    m1::follow();
    const long long own = (long long)blockIdx.x * vocab;
    for (int i = blockIdx.x; i < *count; i += gridDim.x) {
        const m1::Draw draw = draws[i];
        const unsigned long long key = likeliest[draw.logits_row];
        if (!m1::is_finite(key)) {
            continue;
        }
        m1::Sampler sampler(logits + (long long)draw.logits_row * ldl, weights + own, vocab);
        m1::Best best{m1::likeliest_logit(key), m1::likeliest_id(key)};
        if (draw.repeats() || draw.counts()) {
            sampler.penalise(draw, history, marks + own, adjusted + own);
            best = sampler.best();
        }
        const int id = draw.temperature == 0.0 ? best.id : sampler.draw(draw, best.value);
        if (threadIdx.x == 0) {
            sampled[draw.row] = id;
        }
        __syncthreads(); // the next one overwrites what this one has read
    }
}
M1_KERNEL(m1_sample)

// The likeliest ids of some rows, best first, the lower id first among equals, and their natural-log probabilities. Grid
// (at least the count), block 1024.
extern "C" __global__ void __launch_bounds__(1024)
    m1_top_logprobs(const float *logits, // [rows, ldl]
                    int ldl, int vocab,
                    const int *__restrict__ tops, // [count, 2]: a row, and how many of it, at most `most`
                    int most,
                    int *__restrict__ ids,        // [rows, most]
                    float *__restrict__ logprobs, // [rows, most]
                    const int *__restrict__ count) {
    m1::follow();
    if (blockIdx.x >= *count) {
        return;
    }
    const int row = tops[2 * blockIdx.x];
    const int wanted = min(tops[2 * blockIdx.x + 1], vocab);
    const float *from = logits + (long long)row * ldl;
    float largest = 0.0f;
    float log_sum = 0.0f;
    m1::Best last{INFINITY, -1};
    for (int n = 0; n < wanted; n++) {
        m1::Best mine{0.0f, -1};
        for (int i = threadIdx.x; i < vocab; i += m1::SAMPLING_THREADS) {
            const float x = from[i];
            if (x < last.value || (x == last.value && i > last.id)) { // comes after the one before
                mine = m1::Better()(mine, m1::Best{x, i});
            }
        }
        last = m1::block_reduce(mine, m1::Better());
        if (n == 0) {
            largest = last.value;
            float sum = 0.0f;
            for (int i = threadIdx.x; i < vocab; i += m1::SAMPLING_THREADS) {
                sum += expf(from[i] - largest);
            }
            log_sum = logf(m1::block_reduce(sum, m1::Plus<float>()));
        }
        if (threadIdx.x == 0) {
            ids[(long long)row * most + n] = last.id;
            logprobs[(long long)row * most + n] = last.value - largest - log_sum;
        }
    }
}
M1_KERNEL(m1_top_logprobs)
