package dev.m1.bench.runner;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Benchmarks that are run together, with the parameters that are worth the time. */
public enum BenchmarkSet {
    /** How fast a model decodes and reads a prompt; minutes. */
    DEFAULT(
            entry("ReadBandwidthBenchmark"),
            entry("DecodeBenchmark", "context", "512", "batch", "1,4"),
            entry("PrefillBenchmark", "context", "512"),
            entry("FirstTokenBenchmark", "prompt", "32")),
    /** Decoding at every batch and context. */
    DECODE(entry("ReadBandwidthBenchmark"), entry("DecodeBenchmark")),
    /** Prompts of every length. */
    PREFILL(entry("PrefillBenchmark"), entry("FirstTokenBenchmark")),
    /** Matrix products, attention, RMSNorm, sampling, each alone. */
    KERNELS(
            entry("MatrixBenchmark"),
            entry("AttentionBenchmark"),
            entry("RmsNormBenchmark"),
            entry("SamplerBenchmark", "settings", "greedy,qwen2.5", "shape", "peaked")),
    /** Tokenizer and chat template. */
    TEXT(
            entry("TokenizerBenchmark\\.(encode|decode|stream)$"),
            entry("ChatTemplateBenchmark\\.render$", "shape", "1x200,40x2000")),
    /** Opening a checkpoint, forking a sequence, what the engine adds to a step, and a budget to plain generation. */
    ENGINE(
            entry("CheckpointOpenBenchmark"),
            entry("ForkBenchmark"),
            entry("StepOverheadBenchmark"),
            entry("BudgetBenchmark"));

    /**
     * Benchmarks and their parameters.
     *
     * @param include a regular expression found in the benchmark's name
     * @param params values of parameters by name; others keep the benchmark's defaults
     */
    record Entry(String include, Map<String, List<String>> params) {}

    private final List<Entry> entries;

    BenchmarkSet(Entry... entries) {
        this.entries = List.of(entries);
    }

    List<Entry> entries() {
        return entries;
    }

    private static Entry entry(String include, String... params) {
        Map<String, List<String>> values = new TreeMap<>();
        for (int i = 0; i < params.length; i += 2) {
            values.put(params[i], List.of(params[i + 1].split(",")));
        }
        return new Entry("\\." + include, values);
    }

    /** The name a person types. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Sets by their names, {@code all} for each of them.
     *
     * @throws IllegalArgumentException naming those there are
     */
    public static List<BenchmarkSet> of(List<String> names) {
        List<BenchmarkSet> sets = new ArrayList<>();
        for (String name : names) {
            if (name.equals("all")) {
                sets.addAll(List.of(values()));
            } else {
                sets.add(Arrays.stream(values())
                        .filter(s -> s.label().equals(name))
                        .findFirst()
                        .orElseThrow(
                                () -> new IllegalArgumentException("no set of benchmarks '" + name + "', only all, "
                                        + Arrays.stream(values())
                                                .map(BenchmarkSet::label)
                                                .collect(Collectors.joining(", ")))));
            }
        }
        return sets;
    }
}
