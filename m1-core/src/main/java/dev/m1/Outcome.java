package dev.m1;

/**
 * How one of many requests ended: with a result, or with the failure that would have been thrown.
 *
 * @param result null if it failed
 * @param failure null if it did not
 */
public record Outcome(ReasoningResult result, Throwable failure) {
    /** True if there is a result. */
    public boolean succeeded() {
        return failure == null;
    }
}
