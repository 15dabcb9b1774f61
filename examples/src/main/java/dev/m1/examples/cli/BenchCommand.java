package dev.m1.examples.cli;

import dev.m1.bench.runner.Results;
import dev.m1.bench.runner.ResultsFile;
import dev.m1.bench.runner.ResultsTable;
import dev.m1.bench.runner.RunOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code m1 bench}: how fast this machine is. Every benchmark runs in a JVM of its own, with this one's flags. */
@Command(name = "bench", description = "Measure speed here: decoding, prompts, kernels, tokenizer. Takes minutes.")
final class BenchCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private CommandSpec spec;

    @Mixin
    private RunOptions options;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    BenchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Results results = Usages.check(spec, () -> options.run(console.err()));
        console.result(json ? Json.line(ResultsFile.tree(results)) : ResultsTable.of(results));
        return CommandLineInterface.DONE;
    }
}
