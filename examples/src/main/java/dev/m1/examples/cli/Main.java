package dev.m1.examples.cli;

/** Entry point of the launcher {@code examples/m1}. */
public final class Main {
    private Main() {}

    /** Runs one command and ends the JVM with its exit status: 0 done, 1 failed, 2 usage, 130 cancelled. */
    public static void main(String[] args) {
        Console console = Console.ofProcess();
        int status;
        try {
            status = CommandLineInterface.run(console, args);
        } catch (Throwable t) { // an Error, for instance no memory: still one line and status 1
            console.err().println("m1: " + t);
            status = CommandLineInterface.FAILED;
        }
        console.flush();
        System.exit(status);
    }
}
