package dev.m1;

import dev.m1.sampling.Sampling;
import java.util.Objects;

/**
 * Settings of plain generation.
 *
 * @param maxNewTokens most tokens to generate
 * @param sampling how tokens are picked; the checkpoint's own sampling defaults do not apply
 * @param ignoreEos true: the checkpoint's end-of-text ids do not stop the generation
 */
public record GenerationOptions(int maxNewTokens, Sampling sampling, boolean ignoreEos) {
    /**
     * @throws IllegalArgumentException if {@code maxNewTokens} is not positive
     */
    public GenerationOptions {
        if (maxNewTokens < 1) {
            throw new IllegalArgumentException("maxNewTokens must be >= 1, got " + maxNewTokens);
        }
        Objects.requireNonNull(sampling, "sampling");
    }

    /** Greedy, stopping at end of text. */
    public static GenerationOptions greedy(int maxNewTokens) {
        return new GenerationOptions(maxNewTokens, Sampling.greedy(), false);
    }

    public GenerationOptions withSampling(Sampling other) {
        return new GenerationOptions(maxNewTokens, other, ignoreEos);
    }

    public GenerationOptions withIgnoreEos(boolean ignore) {
        return new GenerationOptions(maxNewTokens, sampling, ignore);
    }
}
