package dev.m1;

import dev.m1.thinking.FinishReason;
import dev.m1.thinking.ThinkingEnd;
import java.util.List;

/**
 * What reasoning produced. The thinking is a trace the model wrote, not a faithful account of why it answered so.
 *
 * @param thinking text of the thinking, appended Waits included, markers not
 * @param answer text the model generated as its answer
 * @param answerPrefix text that closed the thinking and opened the answer, e.g. {@code <|im_start|>answer\nFinal
 *     Answer:}
 * @param thinkingEnd why thinking ended
 * @param answerEnd why the answer ended
 * @param waits rounds of Wait that were appended
 * @param thinkingIds sampled ids of the thinking
 * @param answerIds sampled ids of the answer
 * @param protocol name of the thinking protocol
 * @param usage tokens and times
 * @param thinkingEndDetail what exactly ended the thinking where the reason alone does not say it: the loop's period,
 *     the probe that converged, the deadline; else empty
 * @param probes what probes read while the model thought, in order
 */
public record ReasoningResult(
        String thinking,
        String answer,
        String answerPrefix,
        ThinkingEnd thinkingEnd,
        FinishReason answerEnd,
        int waits,
        int[] thinkingIds,
        int[] answerIds,
        String protocol,
        Usage usage,
        String thinkingEndDetail,
        List<ProbePoint> probes) {

    public ReasoningResult {
        probes = List.copyOf(probes);
    }

    ReasoningResult with(String detail, List<ProbePoint> curve, Usage cost) {
        return new ReasoningResult(
                thinking,
                answer,
                answerPrefix,
                thinkingEnd,
                answerEnd,
                waits,
                thinkingIds,
                answerIds,
                protocol,
                cost,
                detail,
                curve);
    }

    /** What the paper's scorer reads: prefix and answer. */
    public String response() {
        return answerPrefix + answer;
    }
}
