package dev.m1.examples.cli;

import dev.m1.examples.demo.DemoFiles;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/**
 * One run of the command line in this process.
 *
 * @param status exit status
 * @param out standard output
 * @param err standard error
 */
record CliRun(int status, String out, String err) {
    static CliRun of(String... args) {
        return withInput("", args);
    }

    static CliRun withInput(String input, String... args) {
        return run(Optional.empty(), input, args);
    }

    /** As the launcher runs it, which knows where the demonstration's files are. */
    static CliRun withDemo(DemoFiles demo, String... args) {
        return run(Optional.of(demo), "", args);
    }

    private static CliRun run(Optional<DemoFiles> demo, String input, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Console console = new Console(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintStream(out, false, StandardCharsets.UTF_8),
                new PrintStream(err, false, StandardCharsets.UTF_8),
                false);
        int status = CommandLineInterface.run(console, demo, args);
        console.flush();
        return new CliRun(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** A small checkpoint with random weights, from the core's tests. */
    static Path fixture(String name) {
        return Path.of("..", "m1-core", "src", "test", "resources", "models", name);
    }
}
