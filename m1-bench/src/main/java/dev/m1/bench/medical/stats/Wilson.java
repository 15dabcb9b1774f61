package dev.m1.bench.medical.stats;

import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Wilson's score interval for a proportion. Written out rather than taken from commons-math, whose takes whole numbers
 * only: a clustered sample has an effective size that is none ({@link ClusteredProportion}).
 *
 * @see <a href="https://doi.org/10.1080/01621459.1927.10502953">Wilson (1927)</a>
 */
public final class Wilson {
    /** Two-sided 95 %. */
    public static final double CONFIDENCE = 0.95;

    private Wilson() {}

    /** 95 % interval for {@code right} of {@code n}. */
    public static Interval interval(int right, int n) {
        if (n < 1 || right < 0 || right > n) {
            throw new IllegalArgumentException("proportion of " + right + " in " + n);
        }
        return interval((double) right / n, n, CONFIDENCE);
    }

    /**
     * @param p proportion, in [0, 1]
     * @param n size of the sample, above 0; may be an effective size
     * @param confidence in (0, 1)
     */
    public static Interval interval(double p, double n, double confidence) {
        if (!(p >= 0 && p <= 1 && n > 0)) {
            throw new IllegalArgumentException("proportion " + p + " in a sample of " + n);
        }
        double z = quantile(confidence);
        double zz = z * z / n;
        double centre = (p + zz / 2) / (1 + zz);
        double half = z / (1 + zz) * Math.sqrt(p * (1 - p) / n + zz / (4 * n));
        // At the ends the bound is exact; rounding would leave it a hair inside or outside.
        return new Interval(p == 0 ? 0 : Math.max(0, centre - half), p == 1 ? 1 : Math.min(1, centre + half));
    }

    /** The normal quantile with half of {@code 1 - confidence} above it. */
    static double quantile(double confidence) {
        if (!(confidence > 0 && confidence < 1)) {
            throw new IllegalArgumentException("confidence must lie between 0 and 1, got " + confidence);
        }
        return new NormalDistribution(null, 0, 1).inverseCumulativeProbability((1 + confidence) / 2);
    }
}
