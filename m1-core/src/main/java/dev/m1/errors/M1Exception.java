package dev.m1.errors;

/**
 * The root of every failure m1 reports on purpose. The message says what failed, where, and both values of a failed
 * check. A wrong argument of a caller ({@code budget < 0}, an id out of range) is an {@link IllegalArgumentException}
 * instead.
 */
public class M1Exception extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public M1Exception(String message) {
        super(message);
    }

    public M1Exception(String message, Throwable cause) {
        super(message, cause);
    }
}
