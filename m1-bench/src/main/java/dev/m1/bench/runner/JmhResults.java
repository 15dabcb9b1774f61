package dev.m1.bench.runner;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/** Turns JMH's results into {@link Measurement}s: medians over iterations in place of means. */
final class JmhResults {
    private static final Map<String, String> UNITS = // of the counters the benchmarks here have
            Map.of("tokens", "tok/s", "gigabytes", "GB/s", "gigaflops", "GFLOP/s", "megabytes", "MB/s");

    private static final Map<String, String> EVENTS = // of the counters that are no rates
            Map.of("overheadMicros", "µs", "stepMicros", "µs");

    private static final String PER_SECOND = "ops/s"; // the unit of a counter under @OutputTimeUnit(SECONDS)

    private JmhResults() {}

    static List<Measurement> of(Collection<RunResult> results) {
        List<Measurement> all = new ArrayList<>();
        for (RunResult result : results) {
            all.add(of(result));
        }
        return all;
    }

    private static Measurement of(RunResult result) {
        BenchmarkParams params = result.getParams();
        Map<String, String> values = new TreeMap<>();
        for (String name : params.getParamsKeys()) {
            values.put(name, params.getParam(name));
        }
        List<IterationResult> iterations = new ArrayList<>();
        for (BenchmarkResult fork : result.getBenchmarkResults()) {
            iterations.addAll(fork.getIterationResults());
        }
        String unit = result.getPrimaryResult().getScoreUnit();
        Spread score = Spread.of(
                unit,
                iterations.stream()
                        .mapToDouble(i -> i.getPrimaryResult().getScore())
                        .toArray());
        String mode = params.getMode().shortLabel();
        return new Measurement(shortName(params.getBenchmark()), values, mode, score, rates(result, iterations, mode));
    }

    private static Map<String, Spread> rates(RunResult result, List<IterationResult> iterations, String mode) {
        Map<String, Spread> rates = new TreeMap<>();
        for (String counter : result.getSecondaryResults().keySet()) {
            String unit = UNITS.get(counter);
            double[] values = iterations.stream()
                    .mapToDouble(i -> i.getSecondaryResults().get(counter).getScore())
                    .toArray();
            boolean perSecond =
                    result.getSecondaryResults().get(counter).getScoreUnit().equals(PER_SECOND);
            if (unit != null && perSecond && values[0] > 0) {
                rates.put(counter, Spread.of(unit, values));
            } else if (EVENTS.containsKey(counter)) {
                rates.put(counter, Spread.of(EVENTS.get(counter), values));
            }
        }
        if (mode.equals("sample")) {
            for (int p : new int[] {50, 99}) {
                double[] values = iterations.stream()
                        .mapToDouble(i -> i.getPrimaryResult().getStatistics().getPercentile(p))
                        .toArray();
                rates.put("p" + p, Spread.of(result.getPrimaryResult().getScoreUnit(), values));
            }
        }
        return rates;
    }

    private static String shortName(String benchmark) {
        int method = benchmark.lastIndexOf('.');
        return benchmark.substring(benchmark.lastIndexOf('.', method - 1) + 1);
    }
}
