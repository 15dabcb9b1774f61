package dev.m1.errors;

/**
 * A request that can never fit: more tokens than the context, or more KV blocks than the pool has; both numbers are in
 * the message.
 */
public class CapacityException extends M1Exception {
    private static final long serialVersionUID = 1L;

    public CapacityException(String message) {
        super(message);
    }

    public CapacityException(String message, Throwable cause) {
        super(message, cause);
    }
}
