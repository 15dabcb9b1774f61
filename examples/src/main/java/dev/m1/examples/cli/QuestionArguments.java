package dev.m1.examples.cli;

import dev.m1.ReasoningRequest;
import dev.m1.thinking.ThinkingProtocol;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** What is asked, and how it may be answered. */
final class QuestionArguments {
    @Parameters(paramLabel = "QUESTION", description = "The question; - reads it from standard input.")
    private String question;

    @Option(names = "--system", paramLabel = "TEXT", description = "System message.")
    private String system;

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

    /** A request with the question in it; bad arguments are a usage error of the command. */
    ReasoningRequest.Builder request(CommandSpec spec, Console console) throws IOException {
        Optional<ThinkingProtocol> asked =
                Usages.check(spec, () -> Optional.ofNullable(protocol).map(ThinkingProtocol::named));
        String text = question.equals("-") ? console.readAll() : question;
        if (text.isBlank()) {
            throw new ParameterException(spec.commandLine(), "the question is empty");
        }
        ReasoningRequest.Builder builder = ReasoningRequest.builder();
        if (system != null) {
            builder.system(system);
        }
        asked.ifPresent(builder::protocol);
        builder.user(text).maxAnswerTokens(maxAnswerTokens);
        Usages.check(spec, builder::build);
        return builder;
    }
}
