package dev.m1.bench.runner;

import dev.m1.spi.DecoderProvider;
import dev.m1.spi.WeightType;
import java.io.PrintStream;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.List;
import java.util.ServiceLoader;
import picocli.CommandLine.Option;

/** The options of a run, for the commands that have them. */
public final class RunOptions {
    @Option(
            names = "--set",
            paramLabel = "NAME",
            split = ",",
            defaultValue = "default",
            description = "Which benchmarks: default, decode, prefill, kernels, text, engine or all.")
    private List<String> sets;

    @Option(
            names = "--only",
            paramLabel = "REGEX",
            defaultValue = "",
            description = "Of these, only those whose name contains it.")
    private String only;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            defaultValue = "synthetic:0.5b",
            description = "Checkpoint directory, or synthetic:SHAPE (tiny, small, 0.5b, 1.5b, 7b, llama-1b) with random"
                    + " weights, drawn once into a cache folder. Default: ${DEFAULT-VALUE}, 1 GB.")
    private String model;

    @Option(names = "--backend", paramLabel = "NAME", defaultValue = "cpu", description = "cpu or cuda.")
    private String backend;

    @Option(
            names = "--weights",
            paramLabel = "stored|packed|q8",
            defaultValue = "stored",
            description = "How decoding and prompts hold matrices. Default: ${DEFAULT-VALUE}.")
    private WeightType weights;

    @Option(names = "--threads", paramLabel = "N", description = "Compute threads; all processors if not given.")
    private int threads;

    @Option(names = "--quick", description = "One short iteration in this process: shows that it works, not how fast.")
    private boolean quick;

    @Option(
            names = "--results",
            paramLabel = "DIR",
            description = "Add the results to DIR/<device>/<date>-<commit>.json.")
    private Path results;

    @Option(names = "--device", paramLabel = "NAME", description = "Name of this machine; from its CPU if not given.")
    private String device;

    @Option(names = "--commit", paramLabel = "HASH", description = "What is measured; asked of git if not given.")
    private String commit;

    /**
     * Runs the benchmarks and, if asked to, keeps the results.
     *
     * @param progress hears what JMH says, and where the results lie
     * @throws IllegalArgumentException if an option names something there is not
     * @throws ResultsException if a benchmark fails or the results cannot be written
     */
    public Results run(PrintStream progress) {
        RunSettings settings = new RunSettings(BenchmarkSet.of(sets), only, model, backend, weights, threads, quick);
        Machine machine = Machine.here(gpu());
        List<Measurement> measured = BenchmarkRun.run(settings, progress);
        Results all = new Results(
                        Results.SCHEMA,
                        LocalDate.now().toString(),
                        commit != null ? commit : Commands.commit(results),
                        device != null ? device : machine.slug(),
                        machine,
                        List.of())
                .with(measured);
        if (results != null) {
            progress.println("results: " + ResultsFile.add(results, all));
        }
        return all;
    }

    /** What another backend than the CPU's says of its device. */
    private String gpu() {
        return ServiceLoader.load(DecoderProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals(backend) && !backend.equals("cpu"))
                .map(provider -> provider.probe().detail())
                .findFirst()
                .orElse("");
    }
}
