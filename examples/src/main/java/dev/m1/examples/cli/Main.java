package dev.m1.examples.cli;

import dev.m1.examples.demo.DemoFiles;
import java.nio.file.Path;
import java.util.Optional;

/** Entry point of the launcher {@code examples/m1}. */
public final class Main {
    /** Set by the launcher: the folder it lies in, with the demonstration's files. */
    private static final String EXAMPLES_PROPERTY = "m1.examples";

    private Main() {}

    /**
     * Runs one command and ends the JVM with its exit status: 0 done, 1 failed, 2 usage, 130 cut by Ctrl-C, 141 nobody
     * reads the output.
     */
    public static void main(String[] args) {
        Console console = Console.ofProcess();
        int status;
        try {
            status = CommandLineInterface.run(console, demo(), args);
        } catch (Throwable t) { // an Error, for instance no memory: still one line and status 1
            console.err().println("m1: " + t);
            status = CommandLineInterface.FAILED;
        }
        console.flush();
        System.exit(status);
    }

    private static Optional<DemoFiles> demo() {
        return Optional.ofNullable(System.getProperty(EXAMPLES_PROPERTY)).map(dir -> DemoFiles.in(Path.of(dir)));
    }
}
