package dev.m1.bench.medical.stats;

import org.apache.commons.math3.stat.descriptive.rank.Percentile;
import org.apache.commons.math3.stat.descriptive.rank.Percentile.EstimationType;

/** Quantiles with linear interpolation between order statistics (type 7 of Hyndman and Fan; numpy's default). */
final class Quantiles {
    private Quantiles() {}

    /** Quantile {@code q} in (0, 1] of at least one value. */
    static double of(double[] values, double q) {
        return new Percentile().withEstimationType(EstimationType.R_7).evaluate(values, 100 * q);
    }
}
