package dev.m1;

import dev.m1.thinking.LoopDetector;
import dev.m1.thinking.LoopGuard;
import dev.m1.thinking.ThinkingEnd;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;

/**
 * What may end a run's thinking besides its budget: a deadline, a loop, converged probes. Used by the engine's thread.
 */
final class LiveLimits {
    private static final long FOREVER = Long.MAX_VALUE / 2; // nanoTime differences are compared, so half the range

    private final RunRecord record;
    private final Duration deadline; // or null
    private final long deadlineNanos;
    private final ReasoningRequest request;
    private final LoopGuard guard; // or null
    private final LoopDetector loops; // or null
    private String why = "";

    LiveLimits(ReasoningRequest request, RunRecord record) {
        this.record = record;
        this.request = request;
        this.deadline = request.deadline().orElse(null);
        this.deadlineNanos = deadline == null ? Long.MAX_VALUE : saturated(deadline);
        this.guard = request.loopGuard().orElse(null);
        this.loops = guard == null ? null : new LoopDetector(guard);
    }

    private static long saturated(Duration d) {
        return d.compareTo(Duration.ofNanos(Long.MAX_VALUE)) >= 0 ? Long.MAX_VALUE : d.toNanos();
    }

    /** What ended the thinking, in words, where the reason alone does not say it; else empty. */
    String why(ReasoningResult r, boolean budgetChanged) {
        return switch (r.thinkingEnd()) {
            case LOOP, CONVERGED, DEADLINE -> why;
            case BUDGET ->
                !budgetChanged && record.plan().thinkingTokens() < request.budget().maxTokens()
                        ? "the context leaves room for " + record.plan().thinkingTokens()
                                + " thinking tokens of the budget's "
                                + request.budget().maxTokens()
                        : "";
            default -> "";
        };
    }

    /** When the deadline has passed, as {@link System#nanoTime} counts; empty if that is never. */
    OptionalLong expiry() {
        return deadlineNanos >= FOREVER
                ? OptionalLong.empty()
                : OptionalLong.of(record.clock().submitted() + deadlineNanos);
    }

    /** The deadline has passed. */
    void expired() {
        if (record.isThinking()) {
            why = "deadline of " + deadline.toMillis() + " ms passed "
                    + (record.thinkingCount() == 0 ? "before the first token" : "while the model thought");
        }
    }

    /** True if an answer still fits into the time that is left, after so many other tokens. */
    boolean hasTimeFor(int tokens) {
        return deadline == null || left() > answerNanos(tokens);
    }

    private long left() {
        return deadlineNanos - record.clock().sinceSubmission();
    }

    private long answerNanos(int before) {
        int closing = record.plan().tokens().maxFrameTokens();
        return record.clock().nanosFor(before + record.plan().answerTokens() + closing);
    }

    /** Before a token is looked at. */
    void check() {
        if (deadline != null && record.isThinking()) {
            long left = left();
            long answer = answerNanos(0);
            if (left <= answer) {
                end(
                        ThinkingEnd.DEADLINE,
                        "deadline of " + deadline.toMillis() + " ms: " + left / 1_000_000
                                + " ms are left, an answer may take " + answer / 1_000_000 + " ms");
            }
        }
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
