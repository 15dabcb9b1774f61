package dev.m1.examples.cli;

import dev.m1.LanguageModel;
import dev.m1.ModelOptions;
import dev.m1.spi.WeightType;
import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Which model, and how it is opened. */
final class ModelArguments {
    @Option(names = "--model", paramLabel = "DIR", description = "Checkpoint directory.")
    private Path directory;

    @Option(names = "--backend", paramLabel = "NAME", defaultValue = "auto", description = "auto, cpu or cuda.")
    private String backend;

    @Option(names = "--threads", paramLabel = "N", description = "Compute threads; all processors if not given.")
    private int threads;

    @Option(
            names = "--context",
            paramLabel = "TOKENS",
            description = "Longest sequence; what the checkpoint supports if not given, at most "
                    + ModelOptions.DEFAULT_CONTEXT + ".")
    private int context;

    @Option(
            names = "--weights",
            paramLabel = "stored|packed|q8",
            defaultValue = "stored",
            description = "stored: as the checkpoint has them; packed: the same, copied into another order when the"
                    + " model is opened, faster for prompts (cpu); q8: rounded to 8 bits then (cpu).")
    private WeightType weights;

    /** What was given; null if nothing was. */
    Path directory() {
        return directory;
    }

    String backend() {
        return backend;
    }

    int threads() {
        return threads;
    }

    int context() {
        return context;
    }

    WeightType weights() {
        return weights;
    }

    /** Opens the model for one sequence at a time; options that cannot be are a usage error of the command. */
    LanguageModel open(CommandSpec spec) {
        return open(spec, 1);
    }

    /** Opens the model for several sequences at a time. */
    LanguageModel open(CommandSpec spec, int sequences) {
        if (directory == null) {
            throw new ParameterException(spec.commandLine(), "Missing required option: '--model=DIR'");
        }
        return open(spec, directory, ModelOptions.builder().maxSequences(sequences));
    }

    /** Opens another model with the given options and what else is said here. */
    LanguageModel open(CommandSpec spec, Path other, ModelOptions.Builder options) {
        return open(spec, other, options, threads);
    }

    /** Opens one of several models that run at the same time and share the threads. */
    LanguageModel openOneOf(int models, CommandSpec spec, Path other, ModelOptions.Builder options) {
        int all = threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
        return open(spec, other, options, threads < 0 ? threads : Math.max(1, all / models));
    }

    private LanguageModel open(CommandSpec spec, Path other, ModelOptions.Builder options, int workers) {
        return LanguageModel.open(
                other,
                Usages.check(spec, () -> options.backend(backend)
                        .threads(workers)
                        .contextTokens(context)
                        .weights(weights)
                        .build()));
    }
}
