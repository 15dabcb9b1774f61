// From logits to ids: a block of 1024 threads per row.
#include "sampler.cuh"

// The likeliest id of every row, the lowest of equals, and the bits of the largest magnitude: from 0x7f800000 on, a
// logit is not finite. Grid (rows), block 1024.
extern "C" __global__ void __launch_bounds__(1024)
    m1_argmax(const float *__restrict__ logits, // [rows, ldl]
              int ldl, int vocab,
              int *__restrict__ best,         // [rows]
              int *__restrict__ largest_bits, // [rows]
              const int *__restrict__ count) {
    const int row = blockIdx.x;
    if (row >= *count) {
        return;
    }
    const float *from = logits + (long long)row * ldl;
    m1::Best mine{0.0f, -1};
    int largest = 0;
    for (int i = threadIdx.x; i < vocab; i += m1::SAMPLING_THREADS) {
        const float x = from[i];
        largest = max(largest, __float_as_int(x) & 0x7fffffff);
        mine = m1::Better()(mine, m1::Best{x, x == x ? i : -1});
    }
    mine = m1::block_reduce(mine, m1::Better());
    largest = m1::block_reduce(largest, m1::Larger());
    if (threadIdx.x == 0) {
        best[row] = mine.id;
        largest_bits[row] = largest;
    }
}
M1_KERNEL(m1_argmax)

// Picks an id for every row that wants one, into sampled[row]. Logits must be finite. Grid (rows), block 1024.
extern "C" __global__ void __launch_bounds__(1024)
    m1_sample(float *__restrict__ logits, // [rows, ldl], not changed
              int ldl, int vocab, const m1::SamplingRow *__restrict__ rows, const int *__restrict__ history,
              float *__restrict__ adjusted,         // [rows, vocab], for rows with penalties
              unsigned *__restrict__ marks,         // [rows, vocab], zero before and after
              unsigned long long *__restrict__ weights, // [rows, vocab]
              int *__restrict__ sampled,            // [most rows of a step]
              const int *__restrict__ count) {
    const int i = blockIdx.x;
    if (i >= *count || rows[i].wanted == 0) {
        return;
    }
    const m1::SamplingRow row = rows[i];
    const long long from = (long long)i * vocab;
    m1::Sampler sampler(logits + (long long)i * ldl, weights + from, vocab);
    if (row.repeats() || row.counts()) {
        sampler.penalise(row, history, marks + from, adjusted + from);
    }
    const m1::Best best = sampler.best();
    const int id = row.temperature == 0.0 ? best.id : sampler.draw(row, best.value);
    if (threadIdx.x == 0) {
        sampled[row.row] = id;
    }
}
M1_KERNEL(m1_sample)

// The `top[row]` likeliest ids, best first, the lower id first among equals, and their natural-log probabilities. Grid
// (rows), block 1024.
extern "C" __global__ void __launch_bounds__(1024)
    m1_top_logprobs(const float *__restrict__ logits, // [rows, ldl]
                    int ldl, int vocab,
                    const int *__restrict__ top, // [rows]: how many, at most `most`; 0 = none
                    int most,
                    int *__restrict__ ids,        // [rows, most]
                    float *__restrict__ logprobs, // [rows, most]
                    const int *__restrict__ count) {
    const int row = blockIdx.x;
    if (row >= *count || top[row] == 0) {
        return;
    }
    const float *from = logits + (long long)row * ldl;
    float largest = 0.0f;
    float log_sum = 0.0f;
    m1::Best last{INFINITY, -1};
    for (int n = 0; n < min(top[row], vocab); n++) {
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
