package dev.m1.chat.jinja;

/**
 * What one render may use. A template comes with a checkpoint from anywhere, so it must not be able to run for ever or
 * to fill the memory.
 *
 * @param maxChars longest string, and longest output, in UTF-16 units; all strings made in one render together may have
 *     sixteen times as many
 * @param maxSteps evaluated expressions, executed statements, list elements and comparisons; long strings count more
 */
public record Limits(int maxChars, long maxSteps) {
    /** 64 Mi characters and 10 million steps. */
    public static final Limits DEFAULT = new Limits(64 << 20, 10_000_000);

    public Limits {
        if (maxChars < 1 || maxSteps < 1) {
            throw new IllegalArgumentException(
                    "limits must be positive: " + maxChars + " characters, " + maxSteps + " steps");
        }
    }
}
