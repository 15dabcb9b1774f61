package dev.m1.examples.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.LanguageModel;
import dev.m1.Reasoner;
import dev.m1.ReasoningHandle;
import dev.m1.ReasoningListener;
import dev.m1.ReasoningRequest;
import dev.m1.ReasoningResult;
import dev.m1.thinking.FinishReason;
import dev.m1.thinking.ThinkingBudget;
import java.io.IOException;
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

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelArguments model;

    @Mixin
    private SamplingArguments sampling;

    @Mixin
    private QuestionArguments question;

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

    @Option(names = "--json", description = "Print one JSON object on standard output, at the end.")
    private boolean json;

    @Option(names = "--stats", description = "Say more about tokens and times at the end.")
    private boolean stats;

    AskCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        ReasoningRequest request = request();
        try (LanguageModel opened = model.open(spec)) {
            Reasoner reasoner = Reasoner.of(opened);
            AnswerPrinter printer = new AnswerPrinter(console);
            ReasoningHandle handle = reasoner.submit(request, json ? new ReasoningListener() {} : printer);
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
        if (json) {
            console.result(Json.line(describe(result)));
        }
        console.err().println(stats ? UsageLines.detailed(result) : UsageLines.brief(result));
        boolean cancelled = result.answerEnd() == FinishReason.CANCELLED;
        return cancelled ? CommandLineInterface.CANCELLED : CommandLineInterface.DONE;
    }

    private ReasoningRequest request() throws IOException {
        ReasoningRequest.Builder builder = question.request(spec, console).sampling(sampling.sampling());
        return Usages.check(
                spec, () -> builder.budget(ThinkingBudget.upTo(budget).withWaits(waits))
                        .build());
    }

    private ObjectNode describe(ReasoningResult r) {
        ObjectNode object = Json.object().put("model", model.directory().toString());
        object.setAll(Json.result(r));
        return object;
    }
}
