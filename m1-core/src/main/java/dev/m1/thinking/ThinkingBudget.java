package dev.m1.thinking;

import java.util.Objects;

/**
 * How long a model may think, in tokens, and how often it is made to think on.
 *
 * @param maxTokens most thinking tokens; 0 = answer at once. Appended Wait texts count.
 * @param waits how often {@code waitText} is appended when thinking ends by itself below the cap
 * @param waitText what is appended; the paper's "Wait"
 * @see <a href="https://arxiv.org/abs/2504.00869">m1, section on test-time scaling</a>
 */
public record ThinkingBudget(int maxTokens, int waits, String waitText) {
    /** The budget around which accuracy saturates in the paper, in tokens. */
    public static final int DEFAULT_TOKENS = 4096;

    /**
     * @throws IllegalArgumentException if a number is negative or the wait text is empty
     */
    public ThinkingBudget {
        if (maxTokens < 0) {
            throw new IllegalArgumentException("thinking budget must be >= 0 tokens, got " + maxTokens);
        }
        if (waits < 0) {
            throw new IllegalArgumentException("number of waits must be >= 0, got " + waits);
        }
        if (Objects.requireNonNull(waitText, "waitText").isEmpty()) {
            throw new IllegalArgumentException("wait text is empty");
        }
    }

    /** At most {@code tokens} thinking tokens, no Wait. */
    public static ThinkingBudget upTo(int tokens) {
        return new ThinkingBudget(tokens, 0, "Wait");
    }

    /** No thinking at all: the model is made to answer at once. */
    public static ThinkingBudget none() {
        return upTo(0);
    }

    /** As long as the context has room for an answer. */
    public static ThinkingBudget unlimited() {
        return upTo(Integer.MAX_VALUE);
    }

    /** The same cap with up to {@code rounds} appended Waits. */
    public ThinkingBudget withWaits(int rounds) {
        return new ThinkingBudget(maxTokens, rounds, waitText);
    }

    /** The same budget with another text in place of "Wait". */
    public ThinkingBudget withWaitText(String text) {
        return new ThinkingBudget(maxTokens, waits, text);
    }

    /** The same rounds with another cap. */
    public ThinkingBudget withMaxTokens(int tokens) {
        return new ThinkingBudget(tokens, waits, waitText);
    }
}
