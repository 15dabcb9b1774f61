package dev.m1.errors;

/** A {@code tokenizer.json} that cannot be used, or a token or marker that it cannot express. */
public class TokenizerException extends M1Exception {
    private static final long serialVersionUID = 1L;

    public TokenizerException(String message) {
        super(message);
    }

    public TokenizerException(String message, Throwable cause) {
        super(message, cause);
    }
}
