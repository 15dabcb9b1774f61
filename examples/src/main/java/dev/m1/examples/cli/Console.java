package dev.m1.examples.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Where a command reads and writes: results go to {@code out}, everything else to {@code err}.
 *
 * @param in standard input, UTF-8
 * @param out standard output
 * @param err standard error
 * @param styled true if {@code out} is a terminal that understands ANSI codes
 * @param lively true if {@code err} is a terminal, on which a line may be drawn anew
 */
record Console(InputStream in, PrintStream out, PrintStream err, boolean styled, boolean lively) {
    // Set by the launcher: only the shell can tell whether one of the streams alone is a terminal.
    private static final String TERMINAL_PROPERTY = "m1.terminal";
    private static final String ERROR_TERMINAL_PROPERTY = "m1.terminal.err";

    /** Without terminals on either side, or with one that is for {@code out} only. */
    Console(InputStream in, PrintStream out, PrintStream err, boolean styled) {
        this(in, out, err, styled, false);
    }

    static Console ofProcess() {
        boolean terminal = Boolean.getBoolean(TERMINAL_PROPERTY);
        // UTF-8 wherever the locale is silent; a Windows terminal says what it wants.
        Charset charset = terminal && System.getProperty("os.name").startsWith("Windows")
                ? System.out.charset()
                : StandardCharsets.UTF_8;
        return new Console(
                System.in,
                new ResultStream(new FileOutputStream(FileDescriptor.out), charset),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, charset),
                terminal && System.getenv("NO_COLOR") == null,
                Boolean.getBoolean(ERROR_TERMINAL_PROPERTY));
    }

    /** All of standard input as text. */
    String readAll() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /**
     * Writes a line of the result.
     *
     * @throws OutputFailure if it cannot be written
     */
    void result(String line) {
        out.print(line);
        out.print('\n');
        if (out.checkError()) { // flushes
            throw new OutputFailure();
        }
    }

    void flush() {
        out.flush();
        err.flush();
    }

    /** Says what became of the output: the command's own status, or another if some of its result was lost. */
    int statusAfterOutput(int status) {
        if (!out.checkError()) {
            return status;
        }
        IOException failure = out instanceof ResultStream stream ? stream.failure() : null;
        String why = failure == null || failure.getMessage() == null ? "it is closed" : failure.getMessage();
        if (why.toLowerCase(Locale.ROOT).contains("pipe")) { // "Broken pipe", "The pipe is being closed"
            return CommandLineInterface.BROKEN_PIPE;
        }
        err.println("m1: the result could not be written to standard output: " + why);
        return CommandLineInterface.FAILED;
    }
}
