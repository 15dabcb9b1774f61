package dev.m1;

import dev.m1.spi.Limits.KvType;
import dev.m1.spi.WeightType;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * How a model is opened.
 *
 * @param backend {@code auto}, or the name of one: {@code cpu}, {@code cuda}. Only {@code auto} may fall back.
 * @param contextTokens longest sequence in tokens; 0 = what the checkpoint supports, at most {@link #DEFAULT_CONTEXT}
 * @param maxSequences most sequences that run at the same time
 * @param maxStepTokens most tokens of one step; longer prompts are fed in chunks
 * @param kvTokens tokens in the KV pool, over all sequences; 0 = one sequence of {@code contextTokens}
 * @param kvType how keys and values are stored
 * @param weights how matrices are held: as stored, or rounded to 8 bits when the model is opened (CPU backend)
 * @param threads compute threads of the CPU backend; 0 = all processors
 * @param backendOptions what only one backend understands, by the name it documents, for example {@code
 *     M1_CUDA_EAGER=true}; others ignore it
 */
public record ModelOptions(
        String backend,
        int contextTokens,
        int maxSequences,
        int maxStepTokens,
        long kvTokens,
        KvType kvType,
        WeightType weights,
        int threads,
        Map<String, String> backendOptions) {
    /** Context used when none is given and the checkpoint has more: a budget of 4K, its answer, and a long question. */
    public static final int DEFAULT_CONTEXT = 8192;

    public ModelOptions {
        Objects.requireNonNull(backend, "backend");
        Objects.requireNonNull(kvType, "kvType");
        Objects.requireNonNull(weights, "weights");
        backendOptions = Map.copyOf(backendOptions);
        atLeast("contextTokens", contextTokens, 0);
        atLeast("maxSequences", maxSequences, 1);
        atLeast("maxStepTokens", maxStepTokens, maxSequences);
        atLeast("kvTokens", kvTokens, 0);
        atLeast("threads", threads, 0);
    }

    private static void atLeast(String name, long value, long least) {
        if (value < least) {
            throw new IllegalArgumentException(name + " must be >= " + least + ", got " + value);
        }
    }

    /** Everything automatic. */
    public static ModelOptions defaults() {
        return builder().build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects options; values are checked by {@link #build}. */
    public static final class Builder {
        private String backend = "auto";
        private int contextTokens;
        private int maxSequences = 8;
        private int maxStepTokens = 512;
        private long kvTokens;
        private KvType kvType = KvType.F32;
        private WeightType weights = WeightType.STORED;
        private int threads;
        private final Map<String, String> backendOptions = new HashMap<>();

        private Builder() {}

        public Builder backend(String backend) {
            this.backend = backend;
            return this;
        }

        public Builder contextTokens(int contextTokens) {
            this.contextTokens = contextTokens;
            return this;
        }

        public Builder maxSequences(int maxSequences) {
            this.maxSequences = maxSequences;
            return this;
        }

        public Builder maxStepTokens(int maxStepTokens) {
            this.maxStepTokens = maxStepTokens;
            return this;
        }

        public Builder kvTokens(long kvTokens) {
            this.kvTokens = kvTokens;
            return this;
        }

        public Builder kvType(KvType kvType) {
            this.kvType = kvType;
            return this;
        }

        /**
         * How matrices are held. On backend {@code cpu} {@link WeightType#PACKED} copies them when the model is
         * opened, outside the Java heap, which makes prompts and steps of several sequences faster; {@link
         * WeightType#Q8} takes 9 bits a weight there, so that every decoded token reads about half of what 16-bit
         * weights take. Backend {@code cuda} copies weights anyhow, takes {@code PACKED} for {@code STORED} and refuses
         * {@code Q8}.
         */
        public Builder weights(WeightType weights) {
            this.weights = weights;
            return this;
        }

        public Builder threads(int threads) {
            this.threads = threads;
            return this;
        }

        /** Sets an option that only one backend understands. */
        public Builder backendOption(String name, String value) {
            backendOptions.put(name, value);
            return this;
        }

        /**
         * @throws IllegalArgumentException naming the option, its bound and its value
         */
        public ModelOptions build() {
            return new ModelOptions(
                    backend,
                    contextTokens,
                    maxSequences,
                    maxStepTokens,
                    kvTokens,
                    kvType,
                    weights,
                    threads,
                    backendOptions);
        }
    }
}
