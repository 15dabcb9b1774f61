package dev.m1.errors;

/** A chat template that does not parse, that raises, or that exceeds its limits; the message names the line. */
public class TemplateException extends M1Exception {
    private static final long serialVersionUID = 1L;

    public TemplateException(String message) {
        super(message);
    }

    public TemplateException(String message, Throwable cause) {
        super(message, cause);
    }
}
