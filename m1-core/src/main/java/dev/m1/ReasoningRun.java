package dev.m1;

import dev.m1.engine.Engine;
import dev.m1.engine.Sequence;
import dev.m1.engine.SequenceDriver;
import dev.m1.engine.SequenceEnd;
import dev.m1.thinking.Directive;
import dev.m1.thinking.FinishReason;
import dev.m1.thinking.ThinkingEnd;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * One request on its way: joins its record, which decides, to the engine's sequence, which is decoded, and to the
 * listener, which hears of it.
 */
final class ReasoningRun implements SequenceDriver, RunRecord.Sink, ReasoningHandle {
    private static final int UNCHANGED = -1;

    private final Engine engine;
    private final EventQueue events;
    private final RunRecord record;
    private final Sequence sequence;
    private final CompletableFuture<ReasoningResult> result = new CompletableFuture<>();
    private final LiveLimits limits;
    private final Probe.Probes probes; // null when none are asked for
    private final List<ProbePoint> curve = new ArrayList<>();
    private final RequestEvent event = RequestEvent.begun("reason");
    private long probeTokens; // fed for probes
    private volatile Sequence probing; // the probe that runs now, or null; changed by the engine's thread
    private volatile int probedAt; // thinking tokens when it began
    private FinishReason answerEnd;

    private volatile int requestedBudget = UNCHANGED;
    private volatile boolean answerNow;

    ReasoningRun(LanguageModel model, ReasoningRequest request, RunPlan plan, ReasoningListener listener) {
        engine = model.engine();
        events = new EventQueue(listener); // not started before the request is
        record = new RunRecord(model.tokenizer(), request, plan, this);
        limits = new LiveLimits(request, record);
        probes = request.probe()
                .map(p -> new Probe.Probes(p, model.tokenizer(), model.vocabSize()))
                .orElse(null);
        sequence = new Sequence(
                record.start(), plan.prompt().ids().length, plan.sequenceTokens(), request.sampling(), 0, this);
        limits.expiry().ifPresent(sequence::expireAt);
    }

    void submit() {
        events.start();
        try {
            engine.submit(sequence);
        } catch (RuntimeException e) {
            onEnd(sequence, SequenceEnd.FAILED, e);
            throw e;
        }
    }

    @Override
    public CompletableFuture<ReasoningResult> result() {
        return result.copy();
    }

    @Override
    public void answerNow() {
        answerNow = true;
        dropProbe(0);
    }

    @Override
    public void setBudget(int maxTokens) {
        if (maxTokens < 0) {
            throw new IllegalArgumentException("thinking budget must be >= 0 tokens, got " + maxTokens);
        }
        requestedBudget = Math.min(maxTokens, record.plan().mostThinkingTokens());
        dropProbe(maxTokens);
    }

    /** A probe holds the thinking; one that can no longer matter must not delay what ends it. */
    private void dropProbe(int budget) {
        Sequence probe = probing;
        if (probe != null && budget <= probedAt) {
            engine.cancel(probe);
        }
    }

    @Override
    public void cancel() {
        engine.cancel(sequence);
    }

    @Override
    public void onSampled(Sequence s, int id) {
        if (requestedBudget != UNCHANGED) {
            record.controller().setBudget(requestedBudget);
        }
        if (answerNow) {
            record.controller().endThinking(ThinkingEnd.ANSWER_NOW);
        }
        limits.check();
        int before = record.thinkingCount();
        Directive directive = record.fitted(record.onToken(id), s);
        if (directive instanceof Directive.Finish finish) {
            answerEnd = finish.reason();
        }
        Directives.apply(directive, s, id);
        if (directive instanceof Directive.Continue && record.thinkingCount() > before) {
            limits.thought(id);
            probe(s);
        }
    }

    /** Forks a probe if one is due; the thinking waits for it, so that what it sees does not depend on the load. */
    private void probe(Sequence s) {
        if (probes == null || record.thinkingCount() % probes.settings().everyTokens() != 0) {
            return;
        }
        int[] closing = record.controller().closingIds();
        int more = closing.length + Math.max(1, probes.settings().answerTokens());
        if (s.room() < more || !limits.hasTimeFor(more)) {
            return;
        }
        probedAt = record.thinkingCount();
        probing = probes.start(s, closing, record.thinkingCount(), (point, fork) -> {
            probing = null;
            probeTokens += fork.fed();
            s.resume();
            if (point != null) {
                curve.add(point);
                limits.probed(probes.settings().stop(), curve);
            }
        });
        s.hold();
        if (answerNow || requestedBudget != UNCHANGED && requestedBudget <= probedAt) {
            engine.cancel(probing); // asked for since the token was looked at
        }
    }

    @Override
    public void onEnd(Sequence s, SequenceEnd end, Throwable failure) {
        Sequence probe = probing;
        if (probe != null) {
            probeTokens += probe.fed(); // it is dropped before the next step, but after this ledger is closed
            engine.cancel(probe);
        }
        if (end == SequenceEnd.FAILED) {
            event.failed(record.plan(), failure);
            events.postLast(l -> l.onError(failure), () -> result.completeExceptionally(failure));
            return;
        }
        if (end != SequenceEnd.FINISHED) {
            answerEnd = end == SequenceEnd.EXPIRED ? FinishReason.DEADLINE : FinishReason.CANCELLED;
            record.controller().stoppedWithUnfed(s.pending());
        }
        if (end == SequenceEnd.EXPIRED) {
            limits.expired();
        }
        ReasoningResult r = record.finish(answerEnd, s);
        r = r.with(limits.why(r, requestedBudget != UNCHANGED), curve, r.usage().plusDiscarded((int) probeTokens));
        tell(r);
    }

    private void tell(ReasoningResult r) {
        event.end(r);
        events.postLast(l -> l.onComplete(r), () -> result.complete(r));
    }

    @Override
    public void thinking(String piece) {
        events.post(l -> l.onThinking(piece));
    }

    @Override
    public void waitAppended(int round) {
        events.post(l -> l.onWait(round));
    }

    @Override
    public void thinkingEnded(ThinkingEnd reason) {
        events.post(l -> l.onThinkingEnd(reason));
    }

    @Override
    public void answer(String piece) {
        events.post(l -> l.onAnswer(piece));
    }
}
