package dev.m1.examples.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;

/**
 * Where a command reads and writes: results go to {@code out}, everything else to {@code err}.
 *
 * @param in standard input, UTF-8
 * @param out standard output
 * @param err standard error
 * @param styled true if {@code out} is a terminal that understands ANSI codes
 */
record Console(InputStream in, PrintStream out, PrintStream err, boolean styled) {
    /** Set by the launcher: only the shell can tell whether standard output alone is a terminal. */
    private static final String TERMINAL_PROPERTY = "m1.terminal";

    static Console ofProcess() {
        boolean terminal = Boolean.getBoolean(TERMINAL_PROPERTY);
        // UTF-8 wherever the locale is silent; a Windows terminal says what it wants.
        Charset charset = terminal && System.getProperty("os.name").startsWith("Windows")
                ? System.out.charset()
                : StandardCharsets.UTF_8;
        return new Console(
                System.in,
                new PrintStream(new FileOutputStream(FileDescriptor.out), false, charset),
                new PrintStream(new FileOutputStream(FileDescriptor.err), true, charset),
                terminal && System.getenv("NO_COLOR") == null);
    }

    /** All of standard input as text. */
    String readAll() throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }

    /** Writes a line of the result. */
    void result(String line) {
        out.print(line);
        out.print('\n');
        out.flush();
    }

    void flush() {
        out.flush();
        err.flush();
    }
}
