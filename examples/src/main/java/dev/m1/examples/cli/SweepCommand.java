package dev.m1.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.BudgetGrid;
import dev.m1.BudgetSweep;
import dev.m1.LanguageModel;
import dev.m1.Reasoner;
import dev.m1.ReasoningRequest;
import dev.m1.ReasoningResult;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code m1 sweep}: the answers to a question at several budgets and Waits, from one pass. */
@Command(name = "sweep", description = "Answer a question at a whole grid of budgets and Waits, in one pass.")
final class SweepCommand implements Callable<Integer> {
    private static final int ROWS = 16;

    private final Console console;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelArguments model;

    @Mixin
    private SamplingArguments sampling;

    @Mixin
    private QuestionArguments question;

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

    @Option(names = "--json", description = "Print one JSON object on standard output.")
    private boolean json;

    SweepCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        BudgetGrid grid = Usages.check(spec, () -> BudgetGrid.of(budgets, waits));
        ReasoningRequest request =
                question.request(spec, console).sampling(sampling.sampling()).build();
        try (LanguageModel opened = model.open(spec, ROWS)) {
            BudgetSweep sweep = Reasoner.of(opened).sweep(request, grid);
            if (json) {
                console.result(Json.line(describe(sweep)));
            } else {
                print(sweep);
            }
        }
        return CommandLineInterface.DONE;
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
        ObjectNode object = Json.object().put("model", model.directory().toString());
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
