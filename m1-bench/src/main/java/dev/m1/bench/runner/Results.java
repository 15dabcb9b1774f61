package dev.m1.bench.runner;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * One results file: what was measured on one machine, on one day, at one commit.
 *
 * @param schema version of this layout
 * @param date ISO date
 * @param commit short hash, {@code -dirty} with changes on top
 * @param device folder name of the machine
 * @param machine what it is
 * @param measurements in the order they were made
 */
public record Results(
        int schema, String date, String commit, String device, Machine machine, List<Measurement> measurements) {
    /** Of files written here. */
    public static final int SCHEMA = 1;

    /** Name of the derived rate: GB/s of decoding over GB/s of reading memory with the same number of threads. */
    public static final String FRACTION = "fractionOfReadBandwidth";

    private static final String GIGABYTES = "gigabytes";

    public Results {
        measurements = List.copyOf(measurements);
    }

    /** With more measurements; one of the same key takes the old one's place. */
    Results with(List<Measurement> more) {
        Map<String, Measurement> byKey = new LinkedHashMap<>();
        measurements.forEach(m -> byKey.put(m.key(), m));
        more.forEach(m -> byKey.put(m.key(), m));
        return new Results(schema, date, commit, device, machine, new ArrayList<>(byKey.values())).withFractions();
    }

    private Results withFractions() {
        List<Measurement> all = new ArrayList<>();
        Spread bandwidth = null;
        for (Measurement m : measurements) {
            bandwidth = m.benchmark().startsWith("ReadBandwidthBenchmark.")
                    ? m.rates().get(GIGABYTES)
                    : bandwidth;
        }
        for (Measurement m : measurements) {
            boolean comparable = bandwidth != null && m.benchmark().startsWith("DecodeBenchmark.");
            all.add(comparable ? withFraction(m, bandwidth) : m);
        }
        return new Results(schema, date, commit, device, machine, all);
    }

    private static Measurement withFraction(Measurement m, Spread bandwidth) {
        Map<String, Spread> rates = new TreeMap<>(m.rates());
        rates.put(FRACTION, m.rates().get(GIGABYTES).times(1 / bandwidth.median(), ""));
        return new Measurement(m.benchmark(), m.params(), m.mode(), m.score(), rates);
    }
}
