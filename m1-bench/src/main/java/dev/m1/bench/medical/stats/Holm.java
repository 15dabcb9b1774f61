package dev.m1.bench.medical.stats;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Holm's step-down correction: keeps the chance of any false rejection in a family of tests below the level, whatever
 * their dependence.
 *
 * @see <a href="https://www.jstor.org/stable/4615733">Holm (1979)</a>
 */
public final class Holm {
    private Holm() {}

    /** Adjusted p-values, in the order given. */
    public static double[] adjust(double[] p) {
        for (double value : p) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("p-value " + value);
            }
        }
        int[] ascending = IntStream.range(0, p.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> p[i]))
                .mapToInt(Integer::intValue)
                .toArray();
        double[] adjusted = new double[p.length];
        double floor = 0;
        for (int rank = 0; rank < p.length; rank++) {
            floor = Math.max(floor, Math.min(1, p[ascending[rank]] * (p.length - rank)));
            adjusted[ascending[rank]] = floor;
        }
        return adjusted;
    }
}
