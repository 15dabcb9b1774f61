package dev.m1;

import dev.m1.thinking.ThinkingEnd;

/**
 * Hears of a request's progress, in order, on a thread of the request's own: a slow listener delays only its own
 * events, and one that throws hears nothing more while its request goes on. The pieces of text concatenate exactly to
 * the result's.
 */
public interface ReasoningListener {
    /** More thinking text, whole characters only; appended Waits are among it. */
    default void onThinking(String piece) {}

    /** A Wait was appended; its text comes as thinking. */
    default void onWait(int round) {}

    /** Thinking is over. */
    default void onThinkingEnd(ThinkingEnd reason) {}

    /** More answer text, whole characters only. */
    default void onAnswer(String piece) {}

    /** All is done, or was cancelled. */
    default void onComplete(ReasoningResult result) {}

    /** The request failed. */
    default void onError(Throwable cause) {}
}
