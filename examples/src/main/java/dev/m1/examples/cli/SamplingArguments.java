package dev.m1.examples.cli;

import dev.m1.sampling.Sampling;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** How tokens are picked; greedy unless a temperature is given. */
final class SamplingArguments {
    @Option(names = "--temperature", paramLabel = "T", description = "0 = greedy, the default; a vote's is 0.7.")
    private double temperature;

    @Option(names = "--top-k", paramLabel = "K", description = "Keep the K likeliest tokens; 0 = all.")
    private int topK;

    @Option(
            names = "--top-p",
            paramLabel = "P",
            defaultValue = "1",
            description = "Keep the likeliest tokens that together reach P.")
    private double topP;

    @Option(names = "--min-p", paramLabel = "P", description = "Keep tokens at least P times as likely as the best.")
    private double minP;

    @Option(
            names = "--repetition-penalty",
            paramLabel = "R",
            defaultValue = "1",
            description = "Above 1 makes repeated tokens less likely.")
    private double repetitionPenalty;

    @Option(names = "--seed", paramLabel = "N", description = "The same seed gives the same text; 0 if not given.")
    private long seed;

    Sampling sampling(CommandSpec spec) {
        return sampling(spec, 0);
    }

    /** With another temperature where none, or 0, is given. */
    Sampling sampling(CommandSpec spec, double defaultTemperature) {
        return Usages.check(spec, () -> Sampling.builder()
                .temperature(temperature == 0 ? defaultTemperature : temperature)
                .topK(topK)
                .topP(topP)
                .minP(minP)
                .repetitionPenalty(repetitionPenalty)
                .seed(seed)
                .build());
    }
}
