package dev.m1.errors;

/**
 * A compute backend that is missing, cannot hold the model, or failed in a call; the message names the call and its
 * cause.
 */
public class BackendException extends M1Exception {
    private static final long serialVersionUID = 1L;

    public BackendException(String message) {
        super(message);
    }

    public BackendException(String message, Throwable cause) {
        super(message, cause);
    }
}
