package dev.m1.bench.runner;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/**
 * Runs a set of benchmarks from the benchmarks jar:
 *
 * <pre>{@code
 * java --add-modules jdk.incubator.vector -cp m1-bench/target/benchmarks.jar dev.m1.bench.runner.RunBenchmarks \
 *     --set default --model synthetic:0.5b --results m1-bench/results
 * }</pre>
 */
@Command(name = "RunBenchmarks", mixinStandardHelpOptions = true, description = "Runs sets of benchmarks.")
public final class RunBenchmarks implements Callable<Integer> {
    @Mixin
    private RunOptions options;

    private RunBenchmarks() {}

    /** Exits with status 0, 1 if a benchmark failed, or 2 if the arguments are wrong. */
    public static void main(String[] args) {
        System.exit(new CommandLine(new RunBenchmarks())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(args));
    }

    @Override
    public Integer call() {
        System.out.println(ResultsTable.of(options.run(System.err)));
        return 0;
    }
}
