package dev.m1.bench.medical;

import dev.m1.errors.M1Exception;

/** A file of questions or answers that cannot be read: the message names the file, the line and what is wrong there. */
public class DataException extends M1Exception {
    private static final long serialVersionUID = 1L;

    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }
}
