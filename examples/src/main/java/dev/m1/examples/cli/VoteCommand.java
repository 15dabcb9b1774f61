package dev.m1.examples.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.LanguageModel;
import dev.m1.Reasoner;
import dev.m1.ReasoningRequest;
import dev.m1.ReasoningResult;
import dev.m1.Vote;
import dev.m1.VoteOptions;
import dev.m1.examples.demo.DemoFiles;
import dev.m1.thinking.ThinkingBudget;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code m1 vote}: several sampled answers to a question, and what most of them say. */
@Command(name = "vote", description = "Sample several answers to a question as one batch, and count them.")
final class VoteCommand implements Callable<Integer> {
    private static final double DEFAULT_TEMPERATURE = 0.7; // greedy samples would all be the same
    private static final Pattern BOXED = Pattern.compile("\\\\boxed\\{([^{}]*)}");

    private final Console console;
    private final Optional<DemoFiles> demo;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ReasoningArguments arguments;

    @Option(names = "--samples", paramLabel = "N", defaultValue = "8", description = "Default: ${DEFAULT-VALUE}.")
    private int samples;

    @Option(
            names = "--budget",
            paramLabel = "TOKENS",
            defaultValue = "" + ThinkingBudget.DEFAULT_TOKENS,
            description = "Most thinking tokens. Default: ${DEFAULT-VALUE}.")
    private int budget;

    VoteCommand(Console console, Optional<DemoFiles> demo) {
        this.console = console;
        this.demo = demo;
    }

    @Override
    public Integer call() throws IOException {
        Usages.check(spec, () -> VoteOptions.of(samples));
        ReasoningRequest.Builder builder = arguments.request(console, demo, DEFAULT_TEMPERATURE);
        ReasoningRequest request = Usages.check(
                spec, () -> builder.budget(ThinkingBudget.upTo(budget)).build());
        try (LanguageModel opened = arguments.open(Math.clamp(samples, 1, 64))) {
            Vote vote = Reasoner.of(opened).vote(request, samples, VoteCommand::key);
            if (arguments.json()) {
                console.result(Json.line(describe(vote)));
            } else {
                vote.tally().forEach((key, votes) -> console.result(votes + "  " + key));
            }
            console.err()
                    .printf(
                            Locale.ROOT,
                            "%d samples voted, agreement %.2f, %d stopped early; %d tokens fed%n",
                            vote.samples().size(),
                            vote.agreement(),
                            vote.cancelled(),
                            vote.fedTokens());
        }
        return CommandLineInterface.DONE;
    }

    /** The last boxed text, else the whole answer on one line. */
    private static String key(ReasoningResult r) {
        Matcher boxed = BOXED.matcher(r.response());
        String last = null;
        while (boxed.find()) {
            last = boxed.group(1).strip();
        }
        return last != null ? last : CommandLineInterface.oneLine(r.answer());
    }

    private ObjectNode describe(Vote vote) {
        ObjectNode object = arguments
                .describe()
                .put("winner", vote.winner().orElse(null))
                .put("agreement", vote.agreement())
                .put("cancelled", vote.cancelled())
                .put("fedTokens", vote.fedTokens());
        ObjectNode tally = object.putObject("tally");
        vote.tally().forEach(tally::put);
        ArrayNode all = object.putArray("samples");
        vote.samples().forEach(r -> all.add(Json.result(r)));
        return object;
    }
}
