package dev.m1;

import dev.m1.thinking.LoopDetector;
import dev.m1.thinking.LoopGuard;
import dev.m1.thinking.ThinkingEnd;
import java.time.Duration;
import java.util.List;

/**
 * What may end a run's thinking besides its budget: a deadline, a loop, converged probes. Used by the engine's thread.
 */
final class LiveLimits {
    private final RunRecord record;
    private final Duration deadline; // or null
    private final LoopGuard guard; // or null
    private final LoopDetector loops; // or null
    private String why = "";

    LiveLimits(ReasoningRequest request, RunRecord record) {
        this.record = record;
        this.deadline = request.deadline().orElse(null);
        this.guard = request.loopGuard().orElse(null);
        this.loops = guard == null ? null : new LoopDetector(guard);
    }

    /** What ended the thinking, in words; empty if the budget or the model did. */
    String why() {
        return why;
    }

    /** Before a token is looked at. */
    void check() {
        if (deadline != null && record.isThinking()) {
            long left = deadline.toNanos() - record.clock().sinceSubmission();
            long answer = record.clock()
                    .nanosFor(record.plan().answerTokens() + record.controller().closingIds().length);
            if (left <= answer) {
                end(
                        ThinkingEnd.DEADLINE,
                        "deadline of " + deadline.toMillis() + " ms: " + left / 1_000_000
                                + " ms are left, an answer may take " + answer / 1_000_000 + " ms");
            }
        }
    }

    /** True when the deadline has passed and the model still answers. */
    boolean answerIsLate() {
        return deadline != null && !record.isThinking() && record.clock().sinceSubmission() >= deadline.toNanos();
    }

    /** A thinking token was accepted. */
    void thought(int id) {
        if (loops != null) {
            int period = loops.add(id);
            if (period > 0) {
                end(ThinkingEnd.LOOP, "a period of " + period + " tokens was seen " + guard.repeats() + " times");
            }
        }
    }

    /** A probe was read; {@code curve} ends with it. */
    void probed(ProbeSettings.Stop stop, List<ProbePoint> curve) {
        switch (stop) {
            case ProbeSettings.Stop.Never n -> {}
            case ProbeSettings.Stop.Converged c -> {
                ProbePoint last = curve.get(curve.size() - 1);
                List<ProbePoint> latest = curve.subList(Math.max(0, curve.size() - c.times()), curve.size());
                if (latest.size() == c.times()
                        && latest.stream().allMatch(p -> p.answer().equals(last.answer()))) {
                    end(ThinkingEnd.CONVERGED, "'" + last.answer() + "' in " + c.times() + " probes in a row");
                }
            }
            case ProbeSettings.Stop.Probability p -> {
                ProbePoint last = curve.get(curve.size() - 1);
                double probability = last.probabilities().get(last.answer());
                if (probability >= p.atLeast()) {
                    end(ThinkingEnd.CONVERGED, "P(" + last.answer() + ") = " + probability + " >= " + p.atLeast());
                }
            }
        }
    }

    private void end(ThinkingEnd reason, String detail) {
        if (why.isEmpty()) {
            why = detail;
            record.controller().endThinking(reason);
        }
    }
}
