package dev.m1.bench.runner;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one benchmark gave for one set of parameters.
 *
 * @param benchmark class and method, without the package
 * @param params parameters by name, those that say where a model lies included
 * @param mode JMH's mode: {@code thrpt}, {@code avgt}, {@code sample} or {@code ss}
 * @param score over the iterations of all forks
 * @param rates what else was counted per second, and percentiles of a sampled time, by name
 */
public record Measurement(
        String benchmark, Map<String, String> params, String mode, Spread score, Map<String, Spread> rates) {
    public Measurement {
        params = new TreeMap<>(params); // in one order, whatever JMH's is
        rates = new TreeMap<>(rates);
    }

    /** What makes it the same measurement in another file: everything but the folder a model lies in. */
    @JsonIgnore
    public String key() {
        StringBuilder key = new StringBuilder(benchmark);
        params.forEach((name, value) -> key.append(' ').append(name).append('=').append(lastPart(value)));
        return key.toString();
    }

    private static String lastPart(String value) {
        String path = value.replace('\\', '/').replaceAll("/+$", "");
        return path.substring(path.lastIndexOf('/') + 1);
    }

    /** True if more is better. */
    @JsonIgnore
    public boolean isRate() {
        return mode.equals("thrpt");
    }
}
