package dev.m1.bench.medical.stats;

import java.util.Objects;

/**
 * One scored question.
 *
 * @param source the set it belongs to
 * @param cluster questions of one cluster (a shared stem, even across sources) are drawn together; a key of its own if
 *     none
 * @param correct whether the answer was right
 */
public record Outcome(String source, String cluster, boolean correct) {
    public Outcome {
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(cluster, "cluster");
    }
}
