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
    private final RequestEvent event = new RequestEvent();
    private long probeTokens; // fed for probes
    private Sequence probing; // the probe that runs now, or null
    private FinishReason answerEnd;

    private volatile int requestedBudget = UNCHANGED;
    private volatile boolean answerNow;

    ReasoningRun(LanguageModel model, ReasoningRequest request, RunPlan plan, ReasoningListener listener) {
        engine = model.engine();
        events = new EventQueue(listener); // not started before the request is
        event.begin();
        record = new RunRecord(model.tokenizer(), request, plan, this);
        limits = new LiveLimits(request, record);
        probes = request.probe()
                .map(p -> new Probe.Probes(
                        p, model.tokenizer(), model.info().spec().vocabSize()))
                .orElse(null);
        sequence = new Sequence(
                record.start(), plan.prompt().ids().length, plan.sequenceTokens(), request.sampling(), 0, this);
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
    }

    @Override
    public void setBudget(int maxTokens) {
        if (maxTokens < 0) {
            throw new IllegalArgumentException("thinking budget must be >= 0 tokens, got " + maxTokens);
        }
        requestedBudget = Math.min(maxTokens, record.plan().mostThinkingTokens());
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
        if (limits.answerIsLate()) {
            answerEnd = FinishReason.DEADLINE;
            s.finish();
            return;
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
        if (s.room() < closing.length + Math.max(1, probes.settings().answerTokens())) {
            return;
        }
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
    }

    @Override
    public void onEnd(Sequence s, SequenceEnd end, Throwable failure) {
        if (probing != null) {
            engine.cancel(probing);
        }
        if (end == SequenceEnd.FAILED) {
            events.postLast(l -> l.onError(failure), () -> result.completeExceptionally(failure));
            return;
        }
        if (end == SequenceEnd.CANCELLED) {
            answerEnd = FinishReason.CANCELLED;
            record.controller().stoppedWithUnfed(s.pending());
        }
        ReasoningResult r = record.finish(answerEnd, s);
        r = r.with(limits.why(r), curve, r.usage().plusDiscarded((int) probeTokens));
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
