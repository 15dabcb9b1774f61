package dev.m1.chat.jinja;

/** A template that does not parse; becomes a {@link dev.m1.errors.TemplateException}. */
final class SyntaxError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SyntaxError(int line, String message) {
        super("line " + line + ": " + message, null, false, false);
    }
}
