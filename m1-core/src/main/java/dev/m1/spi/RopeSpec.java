package dev.m1.spi;

import java.util.Objects;

/**
 * Rotary position embedding in the half-split layout of Hugging Face checkpoints: element {@code i} of a head is
 * rotated with element {@code i + headDim/2}.
 *
 * @param theta base of the frequencies ({@code rope_theta})
 * @param scaling how frequencies are changed for long contexts
 */
public record RopeSpec(double theta, RopeScaling scaling) {
    public RopeSpec {
        Objects.requireNonNull(scaling, "scaling");
    }
}
