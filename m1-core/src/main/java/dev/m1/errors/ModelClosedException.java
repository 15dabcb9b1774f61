package dev.m1.errors;

/** The model was closed before or while the request ran. */
public class ModelClosedException extends M1Exception {
    private static final long serialVersionUID = 1L;

    public ModelClosedException(String message) {
        super(message);
    }

    public ModelClosedException(String message, Throwable cause) {
        super(message, cause);
    }
}
