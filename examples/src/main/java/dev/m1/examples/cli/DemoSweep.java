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
import java.util.List;
import java.util.Locale;
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
        List<ExamResult> results = new ArrayList<>();
        for (String name : DemoFiles.CHECKPOINTS) {
            results.add(sweep(name, exam, grid));
        }
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

    private ExamResult sweep(String name, Exam exam, BudgetGrid grid) {
        try (LanguageModel opened = model.open(spec, files.checkpoint(name), ExamSweep.options());
                Progress progress = new Progress(console, name, "questions", exam.size())) {
            return ExamSweep.run(name, opened, exam, grid, progress::step);
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
