package dev.m1.chat.jinja;

/** Counts what a render uses against its {@link Limits}. */
final class Budget {
    /**
     * Nesting of evaluations: expressions in expressions, statements in statements, macros in macros. A level takes a
     * few hundred bytes of Java stack, so this stays well inside a 512 KiB stack; jinja2 itself ends at about 200
     * macros.
     */
    static final int MAX_DEPTH = 1000;
    /** Nesting of values (lists in lists) that printing, comparing and hashing follow. */
    static final int MAX_VALUE_DEPTH = 300;

    private static final int TOTAL_FACTOR = 16;
    /** Copying this many characters counts as one step. */
    private static final int CHARS_PER_STEP = 256;

    private final Limits limits;
    private long steps;
    private long chars;
    private int depth;

    Budget(Limits limits) {
        this.limits = limits;
    }

    void step() {
        if (++steps > limits.maxSteps()) {
            throw tooManySteps();
        }
    }

    void steps(long n) {
        steps += n;
        if (steps > limits.maxSteps()) {
            throw tooManySteps();
        }
    }

    /** Reading over {@code n} characters. */
    void scan(long n) {
        steps(n / CHARS_PER_STEP);
    }

    /** {@code added} more characters in a string that is then {@code length} long. */
    void chars(long added, long length) {
        if (length > limits.maxChars()) {
            throw new EvalError("string of more than " + limits.maxChars() + " characters");
        }
        chars += added;
        if (chars > (long) limits.maxChars() * TOTAL_FACTOR) {
            throw new EvalError("all strings together have more than " + (long) limits.maxChars() * TOTAL_FACTOR
                    + " characters");
        }
        steps(added / CHARS_PER_STEP);
    }

    void enter() {
        if (++depth > MAX_DEPTH) {
            throw new EvalError("nested more than " + MAX_DEPTH + " levels deep");
        }
        step();
    }

    void exit() {
        depth--;
    }

    static void checkValueDepth(int depth) {
        if (depth > MAX_VALUE_DEPTH) {
            throw new EvalError("value nested more than " + MAX_VALUE_DEPTH + " levels deep");
        }
    }

    private EvalError tooManySteps() {
        return new EvalError("more than " + limits.maxSteps() + " steps");
    }
}
