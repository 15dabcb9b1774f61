package dev.m1.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.BudgetGrid;
import dev.m1.BudgetSweep.Cell;
import dev.m1.bench.medical.DataException;
import dev.m1.bench.medical.MedicalPrompt;
import dev.m1.bench.medical.report.GroupStatistics;
import dev.m1.bench.medical.report.Report;
import dev.m1.bench.medical.report.ReportJson;
import dev.m1.bench.medical.report.RunStatistics;
import dev.m1.bench.medical.report.Scorer;
import dev.m1.bench.medical.run.EvalOptions;
import dev.m1.bench.medical.run.Evaluation;
import dev.m1.bench.medical.run.QuestionSelection;
import dev.m1.thinking.ThinkingProtocol;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code m1 eval}: asks a set of questions over a grid of budgets and Waits, scores the answers, and reports. */
@Command(
        name = "eval",
        description = {
            "Ask every question of a set at every budget and number of Waits, in one pass a question, and report.",
            "The same command goes on where a run was stopped. Decoding is greedy."
        })
final class EvalCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private CommandSpec spec;

    @ArgGroup(exclusive = false)
    private ModelArguments model; // null without --model

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description = "Questions: m1's format {source: [{question, options, answer_idx, answer}]}, or JSON Lines.")
    private Path data;

    @Option(
            names = "--out",
            paramLabel = "RUN_DIR",
            required = true,
            description = "Folder of the run: run.jsonl, report.html, report.json and CSV tables.")
    private Path out;

    @Option(
            names = "--budgets",
            paramLabel = "TOKENS",
            split = ",",
            defaultValue = "4096",
            description = "Caps on thinking, for instance 0,128,512,1024,2048,4096,8192. Default: ${DEFAULT-VALUE}.")
    private int[] budgets;

    @Option(
            names = "--waits",
            paramLabel = "N",
            split = ",",
            defaultValue = "0",
            description = "Numbers of appended Waits, for instance 0,1,2. Default: ${DEFAULT-VALUE}.")
    private int[] waits;

    @Option(
            names = "--wait-text",
            paramLabel = "TEXT",
            defaultValue = "Wait",
            description = "What a Wait appends. Default: ${DEFAULT-VALUE}.")
    private String waitText;

    @Option(
            names = "--limit",
            paramLabel = "N",
            description = "At most N questions: of the sources in turn, or with a seed the first of the shuffled list.")
    private Integer limit;

    @Option(names = "--sources", paramLabel = "NAME", split = ",", description = "Only these sources.")
    private List<String> sources = List.of();

    @Option(
            names = "--shuffle-seed",
            paramLabel = "S",
            description = "Shuffle the questions; the file's order if not given.")
    private Long shuffleSeed;

    @Option(
            names = "--prompt",
            paramLabel = "m1|cot",
            defaultValue = "m1",
            description = "The paper's prompt, or the chain-of-thought baseline's. Default: ${DEFAULT-VALUE}.")
    private String prompt;

    @Option(names = "--prefix", paramLabel = "TEXT", description = "A line before the question.")
    private String prefix;

    @Option(names = "--suffix", paramLabel = "TEXT", description = "In place of the instruction after the options.")
    private String suffix;

    @Mixin
    private FramingArguments framing;

    @Option(
            names = "--concurrency",
            paramLabel = "N",
            defaultValue = "" + EvalOptions.DEFAULT_CONCURRENCY,
            description = "Questions at a time. Default: ${DEFAULT-VALUE}.")
    private int concurrency;

    @Option(
            names = "--cases",
            paramLabel = "N",
            defaultValue = "20",
            description = "Most questions shown in the report; 0 for one without texts. Default: ${DEFAULT-VALUE}.")
    private int cases;

    @Option(names = "--report-only", description = "Score and report what is in --out; no model is needed.")
    private boolean reportOnly;

    @Option(names = "--json", description = "Print one JSON object on standard output, at the end.")
    private boolean json;

    EvalCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (cases < 0) {
            throw usage("--cases must be >= 0, got " + cases);
        }
        if (!reportOnly) {
            run(options());
        }
        RunStatistics statistics = Report.write(out, cases);
        if (json) {
            ObjectNode summary = ReportJson.summary(statistics);
            summary.put("report", out.resolve(Report.HTML).toString());
            console.result(Json.line(summary));
        } else {
            print(statistics);
        }
        return CommandLineInterface.DONE;
    }

    /** Runs on this thread, so that Ctrl-C can interrupt it and still find everything closed. */
    private void run(EvalOptions options) throws IOException, InterruptedException {
        FutureTask<Void> task = new FutureTask<>(() -> {
            Evaluation.run(options, new EvalProgress(console));
            return null;
        });
        CancelOnExit.during(() -> task.cancel(true), () -> {
            task.run();
            if (task.isCancelled()) {
                console.err().println("stopped; the same command goes on from here");
            }
            return null;
        });
        try {
            task.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case IOException failure -> throw failure;
                case Error error -> throw error;
                default -> throw new IllegalStateException(e.getCause());
            }
        }
    }

    private EvalOptions options() {
        boolean noModel = model == null || model.directory() == null;
        if (noModel || data == null) {
            throw usage("missing required option " + (noModel ? "'--model=DIR'" : "'--data=FILE'"));
        }
        MedicalPrompt turn = Usages.check(spec, this::prompt);
        ThinkingProtocol protocol = framing.protocol(spec).orElse(null);
        QuestionSelection selection = Usages.check(
                spec,
                () -> new QuestionSelection(
                        sources,
                        limit == null ? OptionalInt.empty() : OptionalInt.of(limit),
                        shuffleSeed == null ? OptionalLong.empty() : OptionalLong.of(shuffleSeed)));
        EvalOptions options = Usages.check(spec, () -> EvalOptions.builder(model.directory(), data, out)
                .grid(BudgetGrid.of(budgets, waits))
                .waitText(waitText)
                .selection(selection)
                .prompt(turn)
                .system(framing.system().orElse(null))
                .protocol(protocol)
                .maxAnswerTokens(framing.maxAnswerTokens())
                .concurrency(concurrency)
                .backend(model.backend())
                .threads(model.threads())
                .contextTokens(model.context())
                .weights(model.weights())
                .build());
        if (!Files.isRegularFile(data)) {
            throw new DataException("no file " + data);
        }
        return options;
    }

    private MedicalPrompt prompt() {
        MedicalPrompt turn = switch (prompt.toLowerCase(Locale.ROOT)) {
            case "m1" -> MedicalPrompt.M1;
            case "cot" -> MedicalPrompt.COT;
            default -> throw new IllegalArgumentException("no prompt '" + prompt + "'; there are m1 and cot");
        };
        turn = prefix == null ? turn : turn.withPrefix(prefix);
        return suffix == null ? turn : turn.withInstruction(suffix);
    }

    private ParameterException usage(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private void print(RunStatistics s) {
        String row = "%8s %5s %6s  %-20s %-20s %7s %9s";
        console.result(String.format(
                Locale.ROOT, row, "budget", "waits", "n", "m1 % (95 %)", "strict % (95 %)", "unread%", "thinking"));
        for (Cell cell : s.run().cells()) {
            GroupStatistics strict = s.at(Scorer.STRICT, cell).overall();
            console.result(String.format(
                    Locale.ROOT,
                    row,
                    cell.budget(),
                    cell.waits(),
                    strict.n(),
                    accuracy(s.at(Scorer.M1, cell).overall()),
                    accuracy(strict),
                    String.format(Locale.ROOT, "%.1f", 100.0 * strict.unparsed() / strict.n()),
                    s.thinking().containsKey(cell)
                            ? String.format(Locale.ROOT, "%.0f", s.thinking().get(cell).mean())
                            : "-"));
        }
        console.result("report: " + out.resolve(Report.HTML));
    }

    private static String accuracy(GroupStatistics g) {
        return String.format(
                Locale.ROOT,
                "%.1f (%.1f-%.1f)",
                100 * g.accuracy(),
                100 * g.wilson().low(),
                100 * g.wilson().high());
    }
}
