package dev.m1;

import java.util.concurrent.CompletableFuture;

/** A submitted request while it runs. All methods may be called from any thread and take effect within one step. */
public interface ReasoningHandle {
    /** The result, after the listener has heard everything; cancelling this future does not cancel the request. */
    CompletableFuture<ReasoningResult> result();

    /** Ends the thinking and lets the model answer from what it has. Without effect once it answers. */
    void answerNow();

    /**
     * Changes the cap on thinking, up or down, while the model thinks. Below what is used already, thinking is cut at
     * once; it never grows past what the context has room for.
     *
     * @throws IllegalArgumentException if negative
     */
    void setBudget(int maxTokens);

    /** Stops the request; what was produced so far is its result. */
    void cancel();
}
