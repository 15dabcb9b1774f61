package dev.m1;

import dev.m1.engine.Sequence;
import dev.m1.thinking.Ledger;
import java.time.Duration;

/**
 * What a request cost: tokens by id, and wall time.
 *
 * @param promptTokens ids of the rendered prompt
 * @param thinkingTokens sampled ids that are part of the thinking
 * @param injectedTokens ids put in by the protocol: markers, newline, Waits, landing phrase
 * @param answerTokens sampled ids that are part of the answer (or of plain generated text)
 * @param reusedTokens ids whose keys and values were taken over from an earlier run instead of being fed
 * @param discardedTokens ids fed for probes, and ids whose keys and values were given up again: text encoded anew, or
 *     KV blocks an older request needed
 * @param unfedTokens ids of the record that never had to be fed: the last one of an output cut by its cap, what was
 *     still waiting at a cancellation
 * @param timeToFirstToken from submission to the first sampled token
 * @param thinkingTime from the first sampled token to the end of thinking
 * @param answerTime from the end of thinking to the end
 */
public record Usage(
        int promptTokens,
        int thinkingTokens,
        int injectedTokens,
        int answerTokens,
        int reusedTokens,
        int discardedTokens,
        int unfedTokens,
        Duration timeToFirstToken,
        Duration thinkingTime,
        Duration answerTime) {

    static Usage of(Ledger l, Sequence s, RunClock clock) {
        return of(l, (int) s.reused(), (int) s.discarded(), clock);
    }

    static Usage of(Ledger l, int reused, int preempted, RunClock clock) {
        return new Usage(
                l.prompt(),
                l.thinking(),
                l.injected(),
                l.answer(),
                reused,
                l.discarded() + preempted,
                l.unfed(),
                clock.timeToFirstToken(),
                clock.thinkingTime(),
                clock.answerTime());
    }

    /** With ids that were fed beside the run and dropped. */
    Usage plusDiscarded(int ids) {
        return new Usage(
                promptTokens,
                thinkingTokens,
                injectedTokens,
                answerTokens,
                reusedTokens,
                discardedTokens + ids,
                unfedTokens,
                timeToFirstToken,
                thinkingTime,
                answerTime);
    }

    /** Ids that went through the model for this request. */
    public int fedTokens() {
        return promptTokens
                + thinkingTokens
                + injectedTokens
                + answerTokens
                + discardedTokens
                - reusedTokens
                - unfedTokens;
    }

    /** Sampled tokens that are part of the result. */
    public int outputTokens() {
        return thinkingTokens + answerTokens;
    }

    /** From submission to the end. */
    public Duration totalTime() {
        return timeToFirstToken.plus(thinkingTime).plus(answerTime);
    }

    /** Sampled tokens per second after the first; 0 when there is nothing to divide. */
    public double tokensPerSecond() {
        double seconds = thinkingTime.plus(answerTime).toNanos() / 1e9;
        return seconds > 0 && outputTokens() > 1 ? (outputTokens() - 1) / seconds : 0;
    }
}
