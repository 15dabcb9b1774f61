package dev.m1.thinking;

import java.util.Locale;

/** Why the generation of text ended. */
public enum FinishReason {
    /** A stop token, which is not part of the text. */
    STOP,
    /** The cap on new tokens, or the context's end. */
    LENGTH,
    /** The request's deadline passed before its answer was complete. */
    DEADLINE,
    /** Cancelled; what existed is kept. */
    CANCELLED;

    /** The lower-case name that inference servers use in JSON: {@code stop}, {@code length}, … */
    public String wireName() {
        return name().toLowerCase(Locale.ROOT);
    }
}
