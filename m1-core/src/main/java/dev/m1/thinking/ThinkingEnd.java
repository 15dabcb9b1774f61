package dev.m1.thinking;

/** Why thinking ended. */
public enum ThinkingEnd {
    /** The model closed its thinking itself, within the budget. */
    NATURAL,
    /** The token budget (or the room the context leaves for it) was used up. */
    BUDGET,
    /** The host asked for an answer now. */
    ANSWER_NOW,
    /** The request's deadline left only time to answer, or passed before there was anything to answer from. */
    DEADLINE,
    /** Probes of the answer had converged. */
    CONVERGED,
    /** The thinking repeated itself and a {@link LoopGuard} cut it. */
    LOOP,
    /** The request was cancelled while it thought. */
    CANCELLED,
    /** The protocol has no thinking section. */
    NONE
}
