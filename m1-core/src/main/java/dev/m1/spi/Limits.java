package dev.m1.spi;

import java.util.Map;
import java.util.Objects;

/**
 * What a decoder is opened for; everything it allocates follows from these and the model.
 *
 * @param contextTokens longest sequence, prompt and output, in tokens
 * @param maxSequences most rows in one step
 * @param maxStepTokens most new tokens in one step, over all rows
 * @param kvTokens tokens the KV pool must hold over all sequences (rounded up to whole blocks)
 * @param kvType how keys and values are stored
 * @param weights how matrices are held; a backend that cannot do so refuses the model
 * @param threads compute threads of a CPU backend; other backends ignore it
 * @param options what only one backend understands, by the name it documents; others ignore it
 */
public record Limits(
        int contextTokens,
        int maxSequences,
        int maxStepTokens,
        long kvTokens,
        KvType kvType,
        WeightType weights,
        int threads,
        Map<String, String> options) {
    /** Storage type of the KV cache. */
    public enum KvType {
        /** Rounded to bfloat16: half the memory and bandwidth. */
        BF16,
        /** As computed. */
        F32
    }

    /** Weights as stored, without options. */
    public Limits(int contextTokens, int maxSequences, int maxStepTokens, long kvTokens, KvType kvType, int threads) {
        this(contextTokens, maxSequences, maxStepTokens, kvTokens, kvType, WeightType.STORED, threads, Map.of());
    }

    public Limits {
        Objects.requireNonNull(kvType, "kvType");
        Objects.requireNonNull(weights, "weights");
        options = Map.copyOf(options);
        positive("contextTokens", contextTokens);
        positive("maxSequences", maxSequences);
        positive("maxStepTokens", maxStepTokens);
        positive("kvTokens", kvTokens);
        positive("threads", threads);
        if (maxStepTokens < maxSequences) {
            throw new IllegalArgumentException("maxStepTokens " + maxStepTokens + " is below maxSequences "
                    + maxSequences + ": every row feeds a token");
        }
    }

    /** The same limits with matrices held in another way. */
    public Limits withWeights(WeightType type) {
        return new Limits(contextTokens, maxSequences, maxStepTokens, kvTokens, kvType, type, threads, options);
    }

    private static void positive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " must be positive, got " + value);
        }
    }
}
