package dev.m1.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.LanguageModel;
import dev.m1.Reasoner;
import dev.m1.ReasoningHandle;
import dev.m1.ReasoningListener;
import dev.m1.ReasoningRequest;
import dev.m1.ReasoningResult;
import dev.m1.bench.medical.MedicalItem;
import dev.m1.bench.medical.StrictScore;
import dev.m1.bench.medical.StrictScorer;
import dev.m1.examples.demo.DemoFiles;
import dev.m1.examples.demo.ExamQuestion;
import dev.m1.thinking.FinishReason;
import dev.m1.thinking.ThinkingBudget;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code m1 ask}: thinks about a question within a budget, and answers it. */
@Command(name = "ask", description = "Think about a question within a budget of tokens, and answer it.")
final class AskCommand implements Callable<Integer> {
    private final Console console;
    private final Optional<DemoFiles> demo;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ReasoningArguments arguments;

    @Option(
            names = "--budget",
            paramLabel = "TOKENS",
            defaultValue = "" + ThinkingBudget.DEFAULT_TOKENS,
            description = "Most thinking tokens; 0 = answer at once. Default: ${DEFAULT-VALUE}.")
    private int budget;

    @Option(
            names = "--waits",
            paramLabel = "N",
            description = "Make the model think on N times by appending \"Wait\". Default: 0.")
    private int waits;

    @Option(names = "--stats", description = "Say more about tokens and times at the end.")
    private boolean stats;

    AskCommand(Console console, Optional<DemoFiles> demo) {
        this.console = console;
        this.demo = demo;
    }

    @Override
    public Integer call() throws IOException {
        ReasoningRequest request = request();
        try (LanguageModel opened = arguments.open(1)) {
            Reasoner reasoner = Reasoner.of(opened);
            AnswerPrinter printer = new AnswerPrinter(console);
            ReasoningHandle handle = reasoner.submit(request, arguments.json() ? new ReasoningListener() {} : printer);
            printer.onBrokenPipe(handle::cancel);
            return CancelOnExit.during(handle::cancel, () -> report(handle, printer));
        }
    }

    private int report(ReasoningHandle handle, AnswerPrinter printer) {
        ReasoningResult result;
        try {
            result = handle.result().join();
        } finally {
            printer.finish();
        }
        if (arguments.json()) {
            console.result(Json.line(describe(result)));
        } else if (console.out().checkError()) {
            throw new OutputFailure(); // nobody reads what it cost either
        }
        console.err().println(stats ? UsageLines.detailed(result) : UsageLines.brief(result));
        arguments.examQuestion().ifPresent(question -> sayWhatIsRight(question, result));
        boolean cancelled = result.answerEnd() == FinishReason.CANCELLED;
        return cancelled ? CommandLineInterface.CANCELLED : CommandLineInterface.DONE;
    }

    private ReasoningRequest request() throws IOException {
        ReasoningRequest.Builder builder = arguments.request(console, demo, 0);
        return Usages.check(
                spec, () -> builder.budget(ThinkingBudget.upTo(budget).withWaits(waits))
                        .build());
    }

    private void sayWhatIsRight(ExamQuestion question, ReasoningResult result) {
        MedicalItem item = question.item();
        console.err()
                .printf(
                        "The exam's answer is %s (%s): %s.%n",
                        item.answerIdx(), item.answer(), score(question, result).correct() ? "right" : "wrong");
    }

    private static StrictScore score(ExamQuestion question, ReasoningResult result) {
        return StrictScorer.score(question.item().answered(result.response()));
    }

    private ObjectNode describe(ReasoningResult r) {
        ObjectNode object = arguments.describe();
        object.setAll(Json.result(r));
        arguments
                .examQuestion()
                .ifPresent(question -> object.putObject("exam")
                        .put("id", question.item().id())
                        .put("right", question.item().answerIdx())
                        .put("correct", score(question, r).correct()));
        return object;
    }
}
