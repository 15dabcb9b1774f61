package dev.m1.examples.cli;

import dev.m1.ReasoningRequest;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** What is asked, and how it may be answered. */
final class QuestionArguments {
    @Parameters(
            paramLabel = "QUESTION",
            arity = "0..1",
            description = "The question; - reads it from standard input. Without --model it may be left out: then the "
                    + "demonstration's exam asks.")
    private String question;

    @Option(names = "--exam", paramLabel = "N", description = "Ask the N-th question of the demonstration's exam.")
    private Integer exam;

    @Mixin
    private FramingArguments framing;

    /** Whether there is a question, in words or by its number. */
    boolean given() {
        return question != null || exam != null;
    }

    /** The exam's question that is asked for by number; empty if the question is given in words. */
    Optional<Integer> examNumber(CommandSpec spec) {
        if (question != null && exam != null) {
            throw new ParameterException(spec.commandLine(), "QUESTION and --exam exclude each other");
        }
        return Optional.ofNullable(exam);
    }

    /** The question in words. */
    String text(CommandSpec spec, Console console) throws IOException {
        if (question == null) {
            throw new ParameterException(spec.commandLine(), "Missing required parameter: 'QUESTION'");
        }
        String text = question.equals("-") ? console.readAll() : question;
        if (text.isBlank()) {
            throw new ParameterException(spec.commandLine(), "the question is empty");
        }
        return text;
    }

    /** A request with the question in it; bad arguments are a usage error of the command. */
    ReasoningRequest.Builder request(CommandSpec spec, String text) {
        ReasoningRequest.Builder builder = ReasoningRequest.builder();
        framing.system().ifPresent(builder::system);
        framing.protocol(spec).ifPresent(builder::protocol);
        builder.user(text).maxAnswerTokens(framing.maxAnswerTokens());
        Usages.check(spec, builder::build);
        return builder;
    }
}
