package dev.m1.bench.medical.run;

import dev.m1.ReasoningResult;
import dev.m1.thinking.FinishReason;
import dev.m1.thinking.ThinkingEnd;
import java.util.Objects;

/**
 * What came of one question at one budget and number of Waits.
 *
 * @param thinking text of the thinking, appended Waits included
 * @param thinkingEnd why it ended
 * @param waits rounds of Wait that were appended
 * @param thinkingTokens sampled ids of the thinking
 * @param injectedTokens ids put in by the protocol: markers, newline, Waits
 * @param answerPrefix text that closed the thinking and opened the answer
 * @param answer generated text of the answer
 * @param answerEnd why the answer ended
 * @param answerTokens sampled ids of the answer
 */
public record CellOutcome(
        String thinking,
        ThinkingEnd thinkingEnd,
        int waits,
        int thinkingTokens,
        int injectedTokens,
        String answerPrefix,
        String answer,
        FinishReason answerEnd,
        int answerTokens) {

    public CellOutcome {
        Objects.requireNonNull(thinking, "thinking");
        Objects.requireNonNull(thinkingEnd, "thinkingEnd");
        Objects.requireNonNull(answerPrefix, "answerPrefix");
        Objects.requireNonNull(answer, "answer");
        Objects.requireNonNull(answerEnd, "answerEnd");
    }

    static CellOutcome of(ReasoningResult r) {
        return new CellOutcome(
                r.thinking(),
                r.thinkingEnd(),
                r.waits(),
                r.usage().thinkingTokens(),
                r.usage().injectedTokens(),
                r.answerPrefix(),
                r.answer(),
                r.answerEnd(),
                r.usage().answerTokens());
    }

    /** What is scored: prefix and answer. */
    public String response() {
        return answerPrefix + answer;
    }

    /** Whether the budget, or the context's room for it, ended the thinking. */
    public boolean wasCut() {
        return thinkingEnd == ThinkingEnd.BUDGET;
    }
}
