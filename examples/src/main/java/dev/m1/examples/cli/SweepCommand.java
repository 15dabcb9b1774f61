package dev.m1.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.BudgetGrid;
import dev.m1.BudgetSweep;
import dev.m1.LanguageModel;
import dev.m1.Reasoner;
import dev.m1.ReasoningRequest;
import dev.m1.ReasoningResult;
import dev.m1.examples.demo.DemoFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code m1 sweep}: the answers to a question at several budgets and Waits, from one pass. */
@Command(name = "sweep", description = "Answer a question at a whole grid of budgets and Waits, in one pass.")
final class SweepCommand implements Callable<Integer> {
    private static final int ROWS = 16;

    private final Console console;
    private final Optional<DemoFiles> demo;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ReasoningArguments arguments;

    @Option(
            names = "--budgets",
            paramLabel = "TOKENS",
            split = ",",
            defaultValue = "0,256,1024,4096",
            description = "Caps on thinking. Default: ${DEFAULT-VALUE}.")
    private int[] budgets;

    @Option(
            names = "--waits",
            paramLabel = "N",
            split = ",",
            defaultValue = "0",
            description = "Numbers of appended Waits. Default: ${DEFAULT-VALUE}.")
    private int[] waits;

    @Option(
            names = "--demo",
            description = "Sweep both demonstration checkpoints over their exam: accuracy by budget, what Waits flip,"
                    + " and a plot. Budgets are then " + DemoSweep.BUDGETS + ", Waits " + DemoSweep.WAITS
                    + " unless given.")
    private boolean examSweep;

    @Option(names = "--limit", paramLabel = "N", description = "With --demo: only the exam's first N questions.")
    private Integer limit;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "With --demo: where the plot goes. Default: the current directory.")
    private Path out;

    SweepCommand(Console console, Optional<DemoFiles> demo) {
        this.console = console;
        this.demo = demo;
    }

    @Override
    public Integer call() throws IOException {
        if (examSweep) {
            return exam();
        }
        if (limit != null || out != null) {
            throw new ParameterException(spec.commandLine(), "--limit and --out belong to --demo");
        }
        BudgetGrid grid = grid();
        ReasoningRequest request = arguments.request(console, demo, 0).build();
        try (LanguageModel opened = arguments.open(ROWS)) {
            BudgetSweep sweep = Reasoner.of(opened).sweep(request, grid);
            if (arguments.json()) {
                console.result(Json.line(describe(sweep)));
            } else {
                print(sweep);
            }
        }
        return CommandLineInterface.DONE;
    }

    private int exam() throws IOException {
        if (arguments.model().directory() != null || arguments.question().given()) {
            throw new ParameterException(
                    spec.commandLine(), "--demo has its own checkpoints and questions: no --model, QUESTION or --exam");
        }
        if (limit != null && limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be >= 1, got " + limit);
        }
        DemoFiles files = demo.orElseThrow(() -> new ParameterException(
                spec.commandLine(), "--demo needs the launcher examples/m1, which knows where its files are"));
        ParseResult given = spec.commandLine().getParseResult();
        budgets = given.hasMatchedOption("--budgets") ? budgets : DemoSweep.budgets();
        waits = given.hasMatchedOption("--waits") ? waits : DemoSweep.waits();
        DemoSweep sweep = new DemoSweep(console, spec, arguments.model(), files);
        sweep.run(grid(), limit == null ? Integer.MAX_VALUE : limit, out, arguments.json());
        return CommandLineInterface.DONE;
    }

    private BudgetGrid grid() {
        return Usages.check(spec, () -> BudgetGrid.of(budgets, waits));
    }

    private void print(BudgetSweep sweep) {
        for (int w : sweep.grid().waits()) {
            for (int budget : sweep.grid().budgets()) {
                ReasoningResult r = sweep.result(budget, w);
                console.result(String.format(
                        Locale.ROOT,
                        "budget %d, waits %d (%s after %d tokens): %s",
                        budget,
                        w,
                        r.thinkingEnd().name().toLowerCase(Locale.ROOT),
                        r.usage().thinkingTokens(),
                        CommandLineInterface.oneLine(r.answer())));
            }
        }
        BudgetSweep.Ledger l = sweep.ledger();
        console.err()
                .printf(
                        Locale.ROOT,
                        "%d cells, %d answers; %d tokens fed, separate runs %d: %.1f times fewer%n",
                        sweep.grid().size(),
                        l.answers(),
                        l.fed(),
                        l.separate(),
                        l.saving());
    }

    private ObjectNode describe(BudgetSweep sweep) {
        ObjectNode object = arguments.describe();
        ArrayNode cells = object.putArray("cells");
        for (int w : sweep.grid().waits()) {
            for (int budget : sweep.grid().budgets()) {
                ObjectNode cell = cells.addObject().put("budget", budget).put("maxWaits", w);
                cell.setAll(Json.result(sweep.result(budget, w)));
            }
        }
        object.putObject("ledger")
                .put("fedTokens", sweep.ledger().fed())
                .put("separateFedTokens", sweep.ledger().separate())
                .put("answers", sweep.ledger().answers());
        return object;
    }
}
