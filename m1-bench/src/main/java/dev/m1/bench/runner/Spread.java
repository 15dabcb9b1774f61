package dev.m1.bench.runner;

import java.util.Arrays;

/**
 * Several measurements of one thing, by their median and their range.
 *
 * @param unit of all three
 * @param median the middle one, or the mean of the two in the middle
 * @param low the smallest
 * @param high the largest
 * @param samples how many there were
 */
public record Spread(String unit, double median, double low, double high, int samples) {
    /**
     * @throws IllegalArgumentException if there are none
     */
    public static Spread of(String unit, double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no measurement has no median");
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int n = sorted.length;
        double median = n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2;
        return new Spread(unit, median, sorted[0], sorted[n - 1], n);
    }

    /** The same in a unit of which {@code factor} make one of the present. */
    Spread times(double factor, String newUnit) {
        return new Spread(newUnit, median * factor, low * factor, high * factor, samples);
    }
}
