package dev.m1.engine;

/** How a sequence left the engine. */
public enum SequenceEnd {
    /** Its driver finished it. */
    FINISHED,
    /** It was cancelled. */
    CANCELLED,
    /** Its time was over; see {@link Sequence#expireAt}. */
    EXPIRED,
    /** A step or its driver failed, or the engine was closed. */
    FAILED
}
