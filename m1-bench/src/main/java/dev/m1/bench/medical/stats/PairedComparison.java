package dev.m1.bench.medical.stats;

import java.util.ArrayList;
import java.util.List;

/**
 * Two runs over the same questions, compared as one of a family of tests.
 *
 * @param before name of the one
 * @param after name of the other
 * @param flips what changed from one to the other
 * @param test McNemar's
 * @param holmP the test's mid-p corrected over the family
 */
public record PairedComparison(String before, String after, FlipTable flips, McNemar test, double holmP) {
    /** Which pairs of runs form the family; each pair more makes the correction harsher. */
    public enum Family {
        /** Each run with the next. */
        CONSECUTIVE,
        /** The first run with each other. */
        AGAINST_FIRST,
        /** Every run with every later one. */
        ALL_PAIRS
    }

    /**
     * @throws IllegalArgumentException if two runs do not answer the same questions
     */
    public static List<PairedComparison> of(List<PairedRun> runs, Family family) {
        List<PairedComparison> plain = new ArrayList<>();
        for (int i = 0; i < runs.size(); i++) {
            int last = switch (family) {
                case CONSECUTIVE -> Math.min(i + 1, runs.size() - 1);
                case AGAINST_FIRST -> i == 0 ? runs.size() - 1 : i;
                case ALL_PAIRS -> runs.size() - 1;
            };
            for (int j = i + 1; j <= last; j++) {
                FlipTable flips = runs.get(i).flipsTo(runs.get(j));
                McNemar test = McNemar.of(flips);
                plain.add(new PairedComparison(runs.get(i).name(), runs.get(j).name(), flips, test, test.midP()));
            }
        }
        double[] holm = Holm.adjust(plain.stream().mapToDouble(c -> c.test().midP()).toArray());
        List<PairedComparison> comparisons = new ArrayList<>();
        for (int i = 0; i < holm.length; i++) {
            PairedComparison c = plain.get(i);
            comparisons.add(new PairedComparison(c.before, c.after, c.flips, c.test, holm[i]));
        }
        return comparisons;
    }
}
