package dev.m1.spi;

/** How RoPE frequencies are changed to reach past the trained context; the parameters of {@code rope_scaling}. */
public sealed interface RopeScaling {
    /** Unchanged frequencies. */
    record None() implements RopeScaling {}

    /** Every frequency divided by {@code factor} (positional interpolation). */
    record Linear(double factor) implements RopeScaling {}

    /** Llama 3.1's rule: low frequencies divided by {@code factor}, high ones kept, a ramp between. */
    record Llama3(double factor, double lowFreqFactor, double highFreqFactor, int originalContext)
            implements RopeScaling {}

    /**
     * YaRN (arXiv 2309.00071): interpolation by parts, and cosines and sines multiplied by {@code attentionFactor}.
     *
     * @param attentionFactor already resolved from {@code attention_factor}, {@code mscale}, {@code mscale_all_dim} or
     *     the default {@code 0.1 ln(factor) + 1}
     * @param truncate whether the correction range is rounded to whole dimensions
     */
    record Yarn(
            double factor,
            int originalContext,
            double betaFast,
            double betaSlow,
            double attentionFactor,
            boolean truncate)
            implements RopeScaling {}
}
