package dev.m1.bench.medical.stats;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;

/**
 * Resampling of clusters within strata. Clusters that touch the same set of sources form a stratum, so every replicate
 * holds each source, and a stem that two sources share counts in both or in none. Without clusters the strata are the
 * sources.
 */
final class StratifiedBootstrap {
    private final List<String> sources;
    private final List<Stratum> strata;

    /**
     * Clusters that touch the same sources. {@code counts[cluster]} = right and number of its questions in each of
     * them.
     */
    private record Stratum(int[] sources, int[][] counts) {} // [touched], [clusters][2 * touched]

    StratifiedBootstrap(Collection<Outcome> outcomes) {
        if (outcomes.isEmpty()) {
            throw new IllegalArgumentException("no outcomes");
        }
        Map<String, Integer> index = new LinkedHashMap<>();
        outcomes.forEach(outcome -> index.putIfAbsent(outcome.source(), index.size()));
        sources = List.copyOf(index.keySet());

        Map<String, int[]> clusters = new LinkedHashMap<>(); // cluster -> [2 * sources], right and number
        for (Outcome outcome : outcomes) {
            int[] counts = clusters.computeIfAbsent(outcome.cluster(), key -> new int[2 * sources.size()]);
            int source = index.get(outcome.source());
            counts[2 * source] += outcome.correct() ? 1 : 0;
            counts[2 * source + 1]++;
        }
        Map<BitSet, List<int[]>> bySources = new LinkedHashMap<>();
        for (int[] counts : clusters.values()) {
            BitSet touched = new BitSet();
            for (int s = 0; s < sources.size(); s++) {
                touched.set(s, counts[2 * s + 1] > 0);
            }
            bySources.computeIfAbsent(touched, key -> new ArrayList<>()).add(counts);
        }
        strata = bySources.entrySet().stream()
                .map(stratum -> stratum(stratum.getKey().stream().toArray(), stratum.getValue()))
                .toList();
    }

    private static Stratum stratum(int[] touched, List<int[]> clusters) {
        int[][] counts = new int[clusters.size()][2 * touched.length];
        for (int c = 0; c < counts.length; c++) {
            for (int t = 0; t < touched.length; t++) {
                counts[c][2 * t] = clusters.get(c)[2 * touched[t]];
                counts[c][2 * t + 1] = clusters.get(c)[2 * touched[t] + 1];
            }
        }
        return new Stratum(touched, counts);
    }

    MacroAverage macroAverage(int replicates, long seed) {
        if (replicates < 2) {
            throw new IllegalArgumentException("at least 2 replicates are needed, got " + replicates);
        }
        long[] totals = new long[2 * sources.size()]; // [2 * sources], right and number
        for (Stratum stratum : strata) {
            for (int[] counts : stratum.counts) {
                add(stratum, counts, totals);
            }
        }
        Map<String, Double> accuracy = new LinkedHashMap<>();
        for (int s = 0; s < sources.size(); s++) {
            accuracy.put(sources.get(s), (double) totals[2 * s] / totals[2 * s + 1]);
        }
        double mean = mean(totals);
        RandomGenerator random = new MersenneTwister(seed);
        double[] means = new double[replicates];
        for (int r = 0; r < replicates; r++) {
            Arrays.fill(totals, 0);
            for (Stratum stratum : strata) {
                for (int drawn = 0; drawn < stratum.counts.length; drawn++) {
                    add(stratum, stratum.counts[random.nextInt(stratum.counts.length)], totals);
                }
            }
            means[r] = mean(totals);
        }
        Interval interval = new Interval(
                Quantiles.of(means, (1 - Wilson.CONFIDENCE) / 2), Quantiles.of(means, (1 + Wilson.CONFIDENCE) / 2));
        return new MacroAverage(accuracy, mean, new StandardDeviation().evaluate(means), interval, replicates, seed);
    }

    private static void add(Stratum stratum, int[] counts, long[] totals) {
        for (int t = 0; t < stratum.sources.length; t++) {
            totals[2 * stratum.sources[t]] += counts[2 * t];
            totals[2 * stratum.sources[t] + 1] += counts[2 * t + 1];
        }
    }

    private static double mean(long[] totals) {
        double sum = 0;
        for (int s = 0; s < totals.length; s += 2) {
            sum += (double) totals[s] / totals[s + 1];
        }
        return sum / (totals.length / 2);
    }
}
