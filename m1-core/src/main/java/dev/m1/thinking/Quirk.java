package dev.m1.thinking;

/**
 * Behaviours of the original m1 evaluation code (UCSC-VLAA/m1, {@code src/eval/inference_keep_think.py}, on SGLang)
 * that the {@code M1} protocol mends and {@code M1_EXACT} keeps. Each is a switch of its own.
 *
 * <p>One behaviour has no switch: the original limits a Wait round by the budget minus the smallest count of the batch,
 * so other samples overrun. Here every request is its own batch, for which that limit and the mended one are the same.
 */
public enum Quirk {
    /** Control-token text inside the user's question becomes control tokens. */
    USER_TEXT_MAY_CONTAIN_CONTROL_TOKENS,
    /**
     * The stop token counts, and the cap is tested before it: L tokens are a natural end only if L + 1 is below the
     * cap.
     */
    STOP_TOKEN_COUNTS,
    /** Thinking is counted by encoding its text again, not by ids. */
    COUNT_BY_TEXT,
    /** Wait gets a space in front only if the text already ends with one. */
    WAIT_DOUBLES_SPACE,
    /** Wait is also appended after thinking was cut, if the count allows it. */
    WAIT_AFTER_CUT,
    /** The Wait text counts for its own round's limit, but not afterwards. */
    WAIT_TEXT_NOT_COUNTED
}
