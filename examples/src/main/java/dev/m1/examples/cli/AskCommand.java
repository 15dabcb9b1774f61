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
import dev.m1.thinking.ThinkingProtocol;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
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

    @Parameters(paramLabel = "QUESTION", description = "The question; - reads it from standard input.")
    private String question;

    @Option(names = "--system", paramLabel = "TEXT", description = "System message.")
    private String system;

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

    @Option(
            names = "--max-answer-tokens",
            paramLabel = "TOKENS",
            defaultValue = "1024",
            description = "Most answer tokens. Default: ${DEFAULT-VALUE}.")
    private int maxAnswerTokens;

    @Option(
            names = "--protocol",
            paramLabel = "NAME",
            description = "M1, M1_EXACT, S1, QWEN3, DEEPSEEK_R1 or PLAIN; found out from the checkpoint if not given.")
    private String protocol;

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
        Optional<ThinkingProtocol> asked =
                Usages.check(spec, () -> Optional.ofNullable(protocol).map(ThinkingProtocol::named));
        String text = question.equals("-") ? console.readAll() : question;
        if (text.isBlank()) {
            throw new ParameterException(spec.commandLine(), "the question is empty");
        }
        return Usages.check(spec, () -> {
            ReasoningRequest.Builder builder = ReasoningRequest.builder();
            if (system != null) {
                builder.system(system);
            }
            asked.ifPresent(builder::protocol);
            return builder.user(text)
                    .budget(ThinkingBudget.upTo(budget).withWaits(waits))
                    .maxAnswerTokens(maxAnswerTokens)
                    .sampling(sampling.sampling())
                    .build();
        });
    }

    private ObjectNode describe(ReasoningResult r) {
        ObjectNode object = Json.object()
                .put("model", model.directory().toString())
                .put("protocol", r.protocol())
                .put("thinking", r.thinking())
                .put("thinkingEnd", r.thinkingEnd().name().toLowerCase(Locale.ROOT))
                .put("waits", r.waits())
                .put("answerPrefix", r.answerPrefix())
                .put("answer", r.answer())
                .put("answerEnd", r.answerEnd().wireName());
        object.set("usage", Json.usage(r.usage()));
        return object;
    }
}
