package dev.m1.examples.cli;

import dev.m1.BudgetGrid;
import dev.m1.LanguageModel;
import dev.m1.examples.demo.DemoFiles;
import dev.m1.examples.demo.Exam;
import dev.m1.examples.demo.ExamResult;
import dev.m1.examples.demo.ExamSweep;
import dev.m1.examples.demo.SweepPlot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** {@code m1 sweep --demo}: both checkpoints over the whole exam, as curves. */
final class DemoSweep {
    static final String BUDGETS = "0,32,64,128,192,256,384";
    static final String WAITS = "0,1,2,4";
    private static final String PLOT = "m1-demo-sweep";

    private final Console console;
    private final CommandSpec spec;
    private final ModelArguments model;
    private final DemoFiles files;

    DemoSweep(Console console, CommandSpec spec, ModelArguments model, DemoFiles files) {
        this.console = console;
        this.spec = spec;
        this.model = model;
        this.files = files;
    }

    static int[] budgets() {
        return numbers(BUDGETS);
    }

    static int[] waits() {
        return numbers(WAITS);
    }

    private static int[] numbers(String list) {
        return Arrays.stream(list.split(",")).mapToInt(Integer::parseInt).toArray();
    }

    /**
     * Runs it all and prints it.
     *
     * @param limit most questions
     * @param out folder of the plot; null = the current one
     */
    void run(BudgetGrid grid, int limit, Path out, boolean json) throws IOException {
        if (!grid.waits().contains(0)) {
            throw new ParameterException(spec.commandLine(), "--waits of --demo must contain 0, to compare with");
        }
        Path folder = out == null ? Path.of("") : out;
        checkWritable(folder.toAbsolutePath()); // now, not after minutes
        Exam exam = Exam.load(files.exam()).first(limit);
        long begun = System.nanoTime();
        List<ExamResult> results = sweepBoth(exam, grid);
        double seconds = (System.nanoTime() - begun) / 1e9;
        if (json) {
            console.result(Json.line(ExamReport.json(results)));
        } else {
            ExamReport.lines(results).forEach(console::result);
        }
        sayWhatItCost(results, seconds);
        plot(results, folder);
    }

    private void checkWritable(Path folder) {
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new ParameterException(spec.commandLine(), "--out cannot be made a folder: " + e, e);
        }
        if (!Files.isWritable(folder)) {
            throw new ParameterException(spec.commandLine(), "--out is not writable: " + folder);
        }
    }

    /** Both at the same time, with half of the threads each: such small models gain little from a second one. */
    private List<ExamResult> sweepBoth(Exam exam, BudgetGrid grid) {
        List<String> names = DemoFiles.CHECKPOINTS;
        ExecutorService checkpoints = Executors.newFixedThreadPool(names.size(), Thread.ofVirtual().factory());
        try (Progress progress = new Progress(console, "both checkpoints", "questions", names.size() * exam.size())) {
            CompletionService<ExamResult> sweeps = new ExecutorCompletionService<>(checkpoints);
            names.forEach(name -> sweeps.submit(() -> sweep(name, exam, grid, progress)));
            List<ExamResult> results = new ArrayList<>();
            for (int i = 0; i < names.size(); i++) {
                results.add(await(sweeps)); // the first failure ends it
            }
            results.sort(Comparator.comparing(result -> names.indexOf(result.checkpoint())));
            return results;
        } finally {
            checkpoints.shutdownNow(); // interrupts the other after a failure, which cancels it
            checkpoints.close();
        }
    }

    private ExamResult sweep(String name, Exam exam, BudgetGrid grid, Progress progress) {
        int models = DemoFiles.CHECKPOINTS.size();
        try (LanguageModel opened = model.openOneOf(models, spec, files.checkpoint(name), ExamSweep.options())) {
            return ExamSweep.run(name, opened, exam, grid, progress::step);
        }
    }

    private static ExamResult await(CompletionService<ExamResult> sweeps) {
        try {
            return sweeps.take().get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("the sweep was interrupted");
        }
    }

    private void sayWhatItCost(List<ExamResult> results, double seconds) {
        long fed = results.stream().mapToLong(ExamResult::fedTokens).sum();
        long separate = results.stream().mapToLong(ExamResult::separateTokens).sum();
        console.err()
                .printf(
                        Locale.ROOT,
                        "%.0f s; %,d tokens fed, %.0f a second; separate runs: %,d, %.1f times as many%n",
                        seconds,
                        fed,
                        fed / seconds,
                        separate,
                        (double) separate / fed);
    }

    private void plot(List<ExamResult> results, Path folder) throws IOException {
        for (Path file : new SweepPlot(results).write(folder, PLOT)) {
            console.err().println("plot: " + file.toAbsolutePath().normalize());
        }
    }
}
