package dev.m1.sampling;

import dev.m1.errors.NonFiniteLogitsException;

/**
 * The reference sampler: penalties, temperature, top-k, top-p, min-p and a draw, in the order of {@link Sampling}. Used
 * by one thread at a time; allocates nothing after construction; time is linear in the vocabulary for any logits.
 *
 * <p>Every step is defined so that another implementation, in parallel and in another order, gives the same id for the
 * same logits:
 * <ul>
 *   <li>Top-k keeps every id whose logit is at least the k-th largest, ties included, as Hugging Face does.
 *   <li>An id weighs {@code exp((logit - largest) / temperature)} in whole units of 2^-40, see {@link TokenWeight}; all
 *       sums are exact integers.
 *   <li>Top-p keeps the fewest best ids whose weight reaches {@code ceil(p * total)}; of equal logits at the edge those
 *       with the higher ids, as Hugging Face does.
 *   <li>Min-p keeps weights of at least {@code ceil(minP * 2^40)}.
 *   <li>The draw multiplies the total of the kept weights with 64 bits of {@link Philox} as a fraction of 2^64, rounds
 *       down, and takes the first id, in ascending order, at which the running sum of weights exceeds that.
 * </ul>
 */
public final class Sampler {
    /** So many weights of 2^40 cannot overflow a long. */
    private static final int MAX_VOCAB = 1 << 22;

    private static final int EXPONENT_MASK = 0x7f800000;

    private final int vocabSize;
    private final Penalties penalties;
    private final MassThreshold threshold = new MassThreshold();
    private final int[] ids; // [vocab], candidates in ascending order, the first `count` are valid
    private final int[] keys; // [vocab], sort keys of the candidates' logits
    private final long[] weights; // [vocab], of the candidates
    private int count;

    /**
     * @param vocabSize length of the logits
     */
    public Sampler(int vocabSize) {
        if (vocabSize < 1 || vocabSize > MAX_VOCAB) {
            throw new IllegalArgumentException("vocabSize must be 1 … " + MAX_VOCAB + ", got " + vocabSize);
        }
        this.vocabSize = vocabSize;
        penalties = new Penalties(vocabSize);
        ids = new int[vocabSize];
        keys = new int[vocabSize];
        weights = new long[vocabSize];
    }

    /**
     * Picks the next id.
     *
     * @param logits {@code [vocab]}; penalties are applied in place
     * @param history the ids so far, read only when {@link Sampling#hasPenalties()}; may be null otherwise
     * @param historyLength how many of them are valid
     * @param generatedFrom index of the first one that was generated, not part of the prompt
     * @param sampleIndex which of several continuations of one prompt this is
     * @param position position of the token that is picked
     * @throws NonFiniteLogitsException naming the first logit that is NaN or infinite
     */
    public int sample(
            float[] logits,
            Sampling sampling,
            int[] history,
            int historyLength,
            int generatedFrom,
            long sampleIndex,
            int position) {
        int best = best(logits, sampling, history, historyLength, generatedFrom);
        if (sampling.isGreedy()) {
            return best;
        }
        keepCandidates(logits, logits[best], sampling);
        return draw(Philox.bits(sampling.seed(), sampleIndex, position));
    }

    /**
     * The distribution {@link #sample} draws from, {@code [vocab]}; allocates it.
     *
     * @param logits {@code [vocab]}; penalties are applied in place
     */
    public double[] probabilities(
            float[] logits, Sampling sampling, int[] history, int historyLength, int generatedFrom) {
        int best = best(logits, sampling, history, historyLength, generatedFrom);
        double[] probabilities = new double[vocabSize]; // [vocab]
        if (sampling.isGreedy()) {
            probabilities[best] = 1;
            return probabilities;
        }
        keepCandidates(logits, logits[best], sampling);
        double total = total();
        for (int i = 0; i < count; i++) {
            probabilities[ids[i]] = weights[i] / total;
        }
        return probabilities;
    }

    /** Checks the logits, applies the penalties, and finds the likeliest id, the lowest of equals. */
    private int best(float[] logits, Sampling sampling, int[] history, int historyLength, int generatedFrom) {
        if (logits.length != vocabSize) {
            throw new IllegalArgumentException("logits have length " + logits.length + ", the vocabulary " + vocabSize);
        }
        checkFinite(logits);
        if (sampling.hasPenalties()) {
            penalties.apply(logits, sampling, history, historyLength, generatedFrom);
        }
        return argmax(logits);
    }

    private static int argmax(float[] logits) {
        int best = 0;
        float largest = logits[0];
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > largest) {
                largest = logits[i];
                best = i;
            }
        }
        return best;
    }

    private void checkFinite(float[] logits) {
        int overflow = 0; // the sign bit is set once an exponent is all ones
        for (int i = 0; i < vocabSize; i++) {
            overflow |= (Float.floatToRawIntBits(logits[i]) & EXPONENT_MASK) + (1 << 23);
        }
        if (overflow < 0) {
            for (int i = 0; i < vocabSize; i++) {
                if (!Float.isFinite(logits[i])) {
                    throw new NonFiniteLogitsException("logits[" + i + "] is " + logits[i] + ", of " + vocabSize);
                }
            }
        }
    }

    private void keepCandidates(float[] logits, float largest, Sampling sampling) {
        takeAll(logits);
        if (sampling.topK() > 0 && sampling.topK() < vocabSize) {
            topK(sampling.topK());
        }
        weigh(largest, sampling.temperature());
        if (sampling.topP() < 1) {
            topP(sampling.topP());
        }
        if (sampling.minP() > 0) {
            minP(sampling.minP());
        }
    }

    private void takeAll(float[] logits) {
        for (int i = 0; i < vocabSize; i++) {
            ids[i] = i;
            keys[i] = MassThreshold.keyOf(logits[i]);
        }
        count = vocabSize;
    }

    private void weigh(double largest, double temperature) {
        for (int i = 0; i < count; i++) {
            weights[i] = TokenWeight.of((MassThreshold.valueOf(keys[i]) - largest) / temperature);
        }
    }

    private void topK(int k) {
        threshold.find(keys, null, count, k);
        int least = threshold.key();
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (keys[i] >= least) {
                ids[kept] = ids[i];
                keys[kept++] = keys[i];
            }
        }
        count = kept;
    }

    private void topP(double p) {
        long total = total();
        long target = Math.clamp((long) Math.ceil(p * total), 1L, total);
        threshold.find(keys, weights, count, target);
        int edge = threshold.key();
        long missing = target - threshold.above();
        int kept = count; // fills from the end, because the higher ids of equals stay
        for (int i = count - 1; i >= 0; i--) {
            boolean keep = keys[i] > edge;
            if (keys[i] == edge && missing > 0) {
                missing -= weights[i];
                keep = true;
            }
            if (keep) {
                ids[--kept] = ids[i];
                weights[kept] = weights[i];
            }
        }
        count -= kept;
        System.arraycopy(ids, kept, ids, 0, count);
        System.arraycopy(weights, kept, weights, 0, count);
    }

    private void minP(double p) {
        long least = (long) Math.ceil(p * TokenWeight.ONE);
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (weights[i] >= least) {
                ids[kept] = ids[i];
                weights[kept++] = weights[i];
            }
        }
        count = kept;
    }

    private int draw(long bits) {
        long mark = Math.unsignedMultiplyHigh(bits, total()); // in [0, total)
        long sum = 0;
        int i = -1;
        do {
            sum += weights[++i];
        } while (sum <= mark);
        return ids[i];
    }

    private long total() {
        long total = 0;
        for (int i = 0; i < count; i++) {
            total += weights[i];
        }
        return total;
    }
}
