package dev.m1.examples.cli;

import dev.m1.bench.runner.Comparison;
import dev.m1.bench.runner.ResultsFile;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code m1 bench compare}: two results files of one machine side by side. */
@Command(name = "compare", description = "Compare two results files; changes above 3 % are flagged.")
final class BenchCompareCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "BEFORE", index = "0", description = "A results file.")
    private Path before;

    @Parameters(paramLabel = "AFTER", index = "1", description = "Another.")
    private Path after;

    @Option(names = "--fail", description = "Exit with status 1 if anything got slower by more than 3 %%.")
    private boolean fail;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    BenchCompareCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        Comparison comparison = Comparison.of(ResultsFile.read(before), ResultsFile.read(after));
        console.result(json ? Json.line(comparison.tree()) : comparison.table());
        return fail && comparison.anySlower() ? CommandLineInterface.FAILED : CommandLineInterface.DONE;
    }
}
