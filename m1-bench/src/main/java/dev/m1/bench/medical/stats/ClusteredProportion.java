package dev.m1.bench.medical.stats;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * Accuracy of a sample in which questions share stems, so that they are right or wrong together and say less than their
 * number suggests.
 *
 * @param right right answers
 * @param n questions
 * @param clusters distinct stems
 * @param standardError cluster-robust: G/(G-1) times the sum over clusters of (sum of residuals)², over n², square
 *     root; NaN for a single cluster
 * @param designEffect variance relative to that of independent questions, at least 1 (a luckily small estimate must not
 *     narrow the interval); n / clusters where all outcomes are equal and tell nothing of it
 * @param interval Wilson's 95 % interval with n / designEffect as the size of the sample
 */
public record ClusteredProportion(
        int right, int n, int clusters, double standardError, double designEffect, Interval interval) {

    public static ClusteredProportion of(Collection<Outcome> outcomes) {
        if (outcomes.isEmpty()) {
            throw new IllegalArgumentException("no outcomes");
        }
        Map<String, int[]> clusters = new HashMap<>(); // cluster -> {right, n}
        int right = 0;
        for (Outcome outcome : outcomes) {
            int[] counts = clusters.computeIfAbsent(outcome.cluster(), key -> new int[2]);
            counts[0] += outcome.correct() ? 1 : 0;
            counts[1]++;
            right += outcome.correct() ? 1 : 0;
        }
        int n = outcomes.size();
        int groups = clusters.size();
        double p = (double) right / n;
        double squares = 0;
        for (int[] counts : clusters.values()) {
            double residual = counts[0] - p * counts[1];
            squares += residual * residual;
        }
        double variance = groups == 1 ? Double.NaN : (double) groups / (groups - 1) * squares / ((double) n * n);
        double independent = p * (1 - p) / n;
        double effect = independent == 0 || groups == 1
                ? (double) n / groups
                : Math.max(1, variance / independent);
        return new ClusteredProportion(
                right, n, groups, Math.sqrt(variance), effect, Wilson.interval(p, n / effect, Wilson.CONFIDENCE));
    }

    /** Right answers over questions. */
    public double accuracy() {
        return (double) right / n;
    }
}
