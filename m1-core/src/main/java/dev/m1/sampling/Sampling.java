package dev.m1.sampling;

/**
 * How the next token is picked from the logits. The steps run in the order of Hugging Face's logits processors:
 * repetition penalty, presence and frequency penalty, temperature, top-k, top-p, min-p, then a draw from what is left.
 *
 * @param temperature divisor of the logits; 0 means greedy: the likeliest id, the lowest of equals
 * @param topK keep the k likeliest (and ties of the k-th); 0 = all
 * @param topP keep the smallest set of likeliest ids whose probability reaches p; 1 = all
 * @param minP keep ids with at least this fraction of the likeliest id's probability; 0 = all
 * @param repetitionPenalty over ids of prompt and output: positive logits are divided by it, negative multiplied;
 *     1 = none
 * @param presencePenalty subtracted from the logit of every id generated so far; 0 = none
 * @param frequencyPenalty subtracted from an id's logit once per time it was generated; 0 = none
 * @param seed of the counter-based random numbers; the same seed, sample index and position give the same draw
 */
public record Sampling(
        double temperature,
        int topK,
        double topP,
        double minP,
        double repetitionPenalty,
        double presencePenalty,
        double frequencyPenalty,
        long seed) {

    private static final Sampling GREEDY = builder().build();

    public Sampling {
        check("temperature", temperature, temperature >= 0 && Double.isFinite(temperature), "finite and >= 0");
        check("topK", topK, topK >= 0, ">= 0 (0 = off)");
        check("topP", topP, topP > 0 && topP <= 1, "in (0, 1]");
        check("minP", minP, minP >= 0 && minP <= 1, "in [0, 1]");
        check(
                "repetitionPenalty",
                repetitionPenalty,
                repetitionPenalty > 0 && Double.isFinite(repetitionPenalty),
                "finite and > 0");
        check("presencePenalty", presencePenalty, Double.isFinite(presencePenalty), "finite");
        check("frequencyPenalty", frequencyPenalty, Double.isFinite(frequencyPenalty), "finite");
    }

    private static void check(String name, double value, boolean ok, String rule) {
        if (!ok) {
            throw new IllegalArgumentException(name + " must be " + rule + ", got " + value);
        }
    }

    /** Always the likeliest id, no penalties. */
    public static Sampling greedy() {
        return GREEDY;
    }

    /** Starts from greedy: temperature 0, nothing cut, no penalties, seed 0. */
    public static Builder builder() {
        return new Builder();
    }

    /** True if no random number is drawn. */
    public boolean isGreedy() {
        return temperature == 0;
    }

    /** True if the ids so far change the logits. */
    public boolean hasPenalties() {
        return repetitionPenalty != 1 || presencePenalty != 0 || frequencyPenalty != 0;
    }

    /** Collects the knobs of a {@link Sampling}; values are checked by {@link #build}. */
    public static final class Builder {
        private double temperature;
        private int topK;
        private double topP = 1;
        private double minP;
        private double repetitionPenalty = 1;
        private double presencePenalty;
        private double frequencyPenalty;
        private long seed;

        private Builder() {}

        public Builder temperature(double temperature) {
            this.temperature = temperature;
            return this;
        }

        public Builder topK(int topK) {
            this.topK = topK;
            return this;
        }

        public Builder topP(double topP) {
            this.topP = topP;
            return this;
        }

        public Builder minP(double minP) {
            this.minP = minP;
            return this;
        }

        public Builder repetitionPenalty(double repetitionPenalty) {
            this.repetitionPenalty = repetitionPenalty;
            return this;
        }

        public Builder presencePenalty(double presencePenalty) {
            this.presencePenalty = presencePenalty;
            return this;
        }

        public Builder frequencyPenalty(double frequencyPenalty) {
            this.frequencyPenalty = frequencyPenalty;
            return this;
        }

        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * @throws IllegalArgumentException naming the knob, its rule and its value
         */
        public Sampling build() {
            return new Sampling(
                    temperature, topK, topP, minP, repetitionPenalty, presencePenalty, frequencyPenalty, seed);
        }
    }
}
