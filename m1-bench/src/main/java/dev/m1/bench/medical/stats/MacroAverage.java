package dev.m1.bench.medical.stats;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Unweighted mean over sources of their accuracies, with a bootstrap interval.
 *
 * @param accuracy per source, in the order in which the sources came
 * @param mean of those
 * @param standardError standard deviation of the replicates
 * @param interval 95 % percentile interval of the replicates
 * @param replicates number of resampled sets
 * @param seed of their drawing
 */
public record MacroAverage(
        Map<String, Double> accuracy, double mean, double standardError, Interval interval, int replicates, long seed) {

    public MacroAverage {
        accuracy = Collections.unmodifiableMap(new LinkedHashMap<>(accuracy));
    }

    /**
     * Draws clusters with replacement, each within its stratum; the result depends on outcomes, replicates and seed
     * only.
     *
     * @param replicates at least 2; 10,000 make the ends of the interval steady to about 2 % of its length
     * @see StratifiedBootstrap
     */
    public static MacroAverage of(Collection<Outcome> outcomes, int replicates, long seed) {
        return new StratifiedBootstrap(outcomes).macroAverage(replicates, seed);
    }
}
