package dev.m1.bench.medical.stats;

import org.apache.commons.math3.stat.StatUtils;

/**
 * How long a run thought, in tokens.
 *
 * @param n answers
 * @param mean tokens
 * @param min fewest tokens
 * @param lowerQuartile a quarter thought less; interpolated as numpy's default does
 * @param median half thought less
 * @param upperQuartile three quarters thought less
 * @param max most tokens
 * @param cut answers whose thinking the budget ended
 */
public record TokenSummary(
        int n,
        double mean,
        double min,
        double lowerQuartile,
        double median,
        double upperQuartile,
        double max,
        int cut) {

    /**
     * @param tokens thinking tokens of each answer
     * @param wasCut whether the budget ended that thinking
     */
    public static TokenSummary of(int[] tokens, boolean[] wasCut) {
        if (tokens.length == 0 || tokens.length != wasCut.length) {
            throw new IllegalArgumentException(tokens.length + " lengths and " + wasCut.length + " ends");
        }
        double[] values = new double[tokens.length];
        int cut = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = tokens[i];
            cut += wasCut[i] ? 1 : 0;
        }
        return new TokenSummary(
                values.length,
                StatUtils.mean(values),
                StatUtils.min(values),
                Quantiles.of(values, 0.25),
                Quantiles.of(values, 0.5),
                Quantiles.of(values, 0.75),
                StatUtils.max(values),
                cut);
    }

    /** Share of answers whose thinking was cut. */
    public double shareCut() {
        return (double) cut / n;
    }
}
