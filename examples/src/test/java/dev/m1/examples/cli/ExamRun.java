package dev.m1.examples.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A small evaluation that every machine can run. */
final class ExamRun {
    static final Path MODEL = CliRun.fixture("tiny-qwen2");
    static final Path DATA = Path.of("..", "m1-bench", "src", "test", "resources", "medical", "exam.json");

    private ExamRun() {}

    /** Arguments of {@code m1 eval} into a folder, with more behind them. */
    static String[] arguments(Path out, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "eval", "--model", MODEL.toString(), "--data", DATA.toString(), "--out", out.toString()));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }
}
