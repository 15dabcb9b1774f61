package dev.m1.errors;

/** A forward pass gave NaN or infinite logits (broken weights, or an overflow); the message names the step. */
public class NonFiniteLogitsException extends M1Exception {
    private static final long serialVersionUID = 1L;

    public NonFiniteLogitsException(String message) {
        super(message);
    }

    public NonFiniteLogitsException(String message, Throwable cause) {
        super(message, cause);
    }
}
