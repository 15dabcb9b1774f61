package dev.m1.errors;

/**
 * A checkpoint directory that cannot be used: the message names the file and, where there is one, the tensor, byte
 * offset or field.
 */
public class CheckpointException extends M1Exception {
    private static final long serialVersionUID = 1L;

    public CheckpointException(String message) {
        super(message);
    }

    public CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
