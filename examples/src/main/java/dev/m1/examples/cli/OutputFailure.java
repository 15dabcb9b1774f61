package dev.m1.examples.cli;

/** Standard output takes no more: a command has nothing left to do. */
final class OutputFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    OutputFailure() {
        super("standard output cannot be written", null, false, false);
    }
}
