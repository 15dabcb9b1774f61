package dev.m1.chat.jinja;

/**
 * A failure inside the interpreter that does not know its line yet; it becomes a
 * {@link dev.m1.errors.TemplateException} where the render ends. It carries no stack trace: it is control flow.
 */
final class EvalError extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_MESSAGE = 2000;

    EvalError(String message) {
        super(shorten(message), null, false, false);
    }

    /** Messages may quote user text, which may be megabytes long. */
    private static String shorten(String message) {
        return message.length() <= MAX_MESSAGE ? message : message.substring(0, MAX_MESSAGE) + "...";
    }
}
