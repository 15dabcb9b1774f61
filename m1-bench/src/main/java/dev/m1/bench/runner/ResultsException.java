package dev.m1.bench.runner;

/** A run that failed, or a results file that cannot be used; the message says which and why. */
public final class ResultsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public ResultsException(String message) {
        super(message);
    }

    public ResultsException(String message, Throwable cause) {
        super(message, cause);
    }
}
