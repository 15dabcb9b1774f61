package dev.m1.bench.runner;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.NoBenchmarksException;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Hands sets of benchmarks to JMH, which runs each in a JVM of its own with the flags of this one. */
public final class BenchmarkRun {
    private BenchmarkRun() {}

    /**
     * Runs everything and waits.
     *
     * @param progress hears what JMH has to say
     * @throws ResultsException if a benchmark fails, its own check of its result included
     */
    public static List<Measurement> run(RunSettings settings, PrintStream progress) {
        OutputFormat format = OutputFormatFactory.createFormatInstance(progress, VerboseMode.NORMAL);
        List<Measurement> all = new ArrayList<>();
        int matched = 0;
        for (BenchmarkSet set : settings.sets()) {
            for (BenchmarkSet.Entry entry : set.entries()) {
                for (String name : names(entry, settings.only(), format)) {
                    matched++;
                    all.addAll(run(entry, name, settings, format));
                }
            }
        }
        if (matched == 0) {
            throw new IllegalArgumentException("no benchmark of these sets contains '" + settings.only() + "'");
        }
        return all;
    }

    /** Full names of an entry's benchmarks that are wanted. */
    private static List<String> names(BenchmarkSet.Entry entry, String only, OutputFormat format) {
        Pattern pattern;
        try {
            pattern = Pattern.compile(only);
        } catch (PatternSyntaxException e) {
            throw new IllegalArgumentException("'" + only + "' is no regular expression: " + e.getDescription(), e);
        }
        return BenchmarkList.defaultList().find(format, List.of(entry.include()), List.of()).stream()
                .map(found -> found.getUsername())
                .distinct()
                .filter(name -> pattern.matcher(name).find())
                .toList();
    }

    private static List<Measurement> run(
            BenchmarkSet.Entry entry, String name, RunSettings settings, OutputFormat format) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("^" + Pattern.quote(name) + "$")
                .shouldFailOnError(true)
                // A parameter that a benchmark does not have is passed over.
                .param("model", settings.model())
                .param("tokenizer", settings.model())
                .param("backend", settings.backend())
                .param("weights", settings.weights().name())
                .param("threads", Integer.toString(settings.threads()));
        entry.params().forEach((param, values) -> options.param(param, values.toArray(String[]::new)));
        if (settings.threads() > 0 && name.contains(".ReadBandwidthBenchmark.")) {
            options.threads(settings.threads());
        }
        if (settings.quick()) {
            options.forks(0).warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.milliseconds(100));
        }
        try {
            return JmhResults.of(new Runner(options.build(), format).run());
        } catch (NoBenchmarksException e) {
            throw new ResultsException("JMH finds no benchmark " + name, e);
        } catch (RunnerException e) {
            throw new ResultsException(name + " failed: " + reason(e), e);
        }
    }

    /** JMH keeps what a benchmark threw as suppressed exceptions, nested in its own. */
    private static String reason(Throwable e) {
        Throwable at = e;
        while (at.getCause() != null || at.getSuppressed().length > 0) {
            at = at.getSuppressed().length > 0 ? at.getSuppressed()[0] : at.getCause();
        }
        return at.getMessage() == null ? at.toString() : at.getMessage();
    }
}
