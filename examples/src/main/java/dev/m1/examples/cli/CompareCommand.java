package dev.m1.examples.cli;

import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.compare.AlignedRuns;
import dev.m1.bench.medical.compare.ComparisonJson;
import dev.m1.bench.medical.compare.Gain;
import dev.m1.bench.medical.compare.RunComparison;
import dev.m1.bench.medical.report.ScoredRun;
import dev.m1.bench.medical.report.Scorer;
import dev.m1.bench.medical.run.StoredRun;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.BinaryOperator;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code m1 compare}: runs over the same questions, each against the first. */
@Command(
        name = "compare",
        description = "Compare runs over the same questions, each with the first: by budget, source and length.")
final class CompareCommand implements Callable<Integer> {
    private static final String ROW = "%-34s %6s %7s %7s %8s  %-16s %7s %7s %9s %9s";

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "RUN_DIR", arity = "2..*", description = "Folders of runs (m1 eval --out).")
    private List<Path> directories;

    @Option(
            names = "--scorer",
            paramLabel = "m1|strict",
            defaultValue = "m1",
            description = "Default: ${DEFAULT-VALUE}.")
    private String scorer;

    @Option(
            names = "--cells",
            paramLabel = "BUDGET:WAITS",
            split = ",",
            description = "One for each run, for instance 0:0,4096:0; every cell that all runs have if not given.")
    private List<String> cells;

    @Option(
            names = "--quantiles",
            paramLabel = "N",
            defaultValue = "4",
            description = "Groups of questions by length. Default: ${DEFAULT-VALUE}.")
    private int quantiles;

    @Option(names = "--json", description = "Print one JSON object on standard output.")
    private boolean json;

    CompareCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Scorer judge = Usages.check(spec, () -> Scorer.named(scorer));
        if (quantiles < 1) {
            throw new ParameterException(spec.commandLine(), "--quantiles must be >= 1, got " + quantiles);
        }
        List<Cell> chosen = cells == null ? null : Usages.check(spec, this::chosenCells);
        List<ScoredRun> runs = new ArrayList<>();
        for (Path directory : directories) {
            runs.add(ScoredRun.of(StoredRun.read(directory)));
        }
        AlignedRuns aligned = AlignedRuns.of(runs);
        RunComparison comparison = chosen == null
                ? RunComparison.of(aligned, judge, quantiles)
                : RunComparison.of(aligned, judge, quantiles, chosen);
        if (json) {
            console.result(Json.line(ComparisonJson.of(comparison)));
        } else {
            print(comparison);
        }
        return CommandLineInterface.DONE;
    }

    private List<Cell> chosenCells() {
        if (cells.size() != directories.size()) {
            throw new IllegalArgumentException(
                    "--cells names " + cells.size() + " cells for " + directories.size() + " runs");
        }
        return cells.stream().map(CompareCommand::cell).toList();
    }

    private static Cell cell(String text) {
        try {
            int colon = text.indexOf(':');
            return colon < 0
                    ? new Cell(Integer.parseInt(text), 0)
                    : new Cell(Integer.parseInt(text.substring(0, colon)), Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("'" + text + "' in --cells is not BUDGET:WAITS", e);
        }
    }

    private void print(RunComparison c) {
        AlignedRuns runs = c.runs();
        console.result(runs.size() + " questions that all runs answered, " + c.scorer().title()
                + "; differences in percentage points, p by McNemar's exact test (mid-p), Holm's over each block");
        for (int i = 0; i < runs.names().size(); i++) {
            String model = runs.runs().get(i).run().settings().path("model").path("name").asText();
            console.result((i == 0 ? "base " : "run  ") + runs.names().get(i) + " (" + model + ")"
                    + (runs.left().get(i) == 0 ? "" : ", " + runs.left().get(i) + " of its questions not compared"));
        }
        console.result("");
        header("run, budget and Waits");
        c.pairs().forEach(pair -> row(name(c, pair), pair.overall()));
        for (RunComparison.Pair pair : mainPairs(c)) {
            console.result("");
            header(name(c, pair) + ", by source");
            pair.bySource().forEach(gain -> row(gain.group(), gain));
            console.result("");
            header(name(c, pair) + ", by length");
            pair.byLength().forEach(gain -> row(gain.group(), gain));
        }
    }

    /** The largest budget at the fewest Waits stands for a run; {@code --json} has every cell. */
    private static Collection<RunComparison.Pair> mainPairs(RunComparison c) {
        Comparator<RunComparison.Pair> small = Comparator.<RunComparison.Pair>comparingInt(
                        pair -> -pair.cellAfter().waits())
                .thenComparingInt(pair -> pair.cellAfter().budget());
        return c.pairs().stream()
                .collect(Collectors.toMap(
                        RunComparison.Pair::after, pair -> pair, BinaryOperator.maxBy(small), LinkedHashMap::new))
                .values();
    }

    private static String name(RunComparison c, RunComparison.Pair pair) {
        String after = c.runs().names().get(pair.after()) + " " + cell(pair.cellAfter());
        return pair.cellBefore().equals(pair.cellAfter()) ? after : cell(pair.cellBefore()) + " -> " + after;
    }

    private static String cell(Cell cell) {
        return cell.budget() + ":" + cell.waits();
    }

    private void header(String title) {
        console.result(String.format(
                Locale.ROOT, ROW, title, "n", "base %", "run %", "diff", "95 %", "lost", "gained", "mid-p", "Holm p"));
    }

    private void row(String name, Gain g) {
        console.result(String.format(
                Locale.ROOT,
                ROW,
                CommandLineInterface.oneLine(name),
                g.flips().n(),
                percent(g.before()),
                percent(g.after()),
                String.format(Locale.ROOT, "%+.1f", 100 * g.flips().difference()),
                String.format(Locale.ROOT, "%+.1f to %+.1f", 100 * g.interval().low(), 100 * g.interval().high()),
                g.flips().rightToWrong(),
                g.flips().wrongToRight(),
                p(g.test().midP()),
                p(g.holmP())));
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f", 100 * share);
    }

    private static String p(double p) {
        return p < 0.0001 ? "<0.0001" : String.format(Locale.ROOT, "%.4f", p);
    }
}
