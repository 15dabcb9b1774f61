package dev.m1;

import dev.m1.engine.Engine;
import dev.m1.engine.Sequence;
import dev.m1.engine.SequenceDriver;
import dev.m1.engine.SequenceEnd;
import dev.m1.thinking.Directive;
import dev.m1.thinking.FinishReason;
import dev.m1.thinking.ThinkingBudget;
import dev.m1.thinking.ThinkingController;
import dev.m1.thinking.ThinkingEnd;
import dev.m1.thinking.ThinkingEvents;
import dev.m1.tokenizer.Tokenizer;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * One request on its way: joins the thinking controller, which decides, to the engine's sequence, which is decoded, and to the
 * listener, which hears of it.
 */
final class ReasoningRun implements SequenceDriver, ThinkingEvents, ReasoningHandle {
    private static final int UNCHANGED = -1;

    private final RunPlan plan;
    private final Tokenizer tokenizer;
    private final Engine engine;
    private final ThinkingController controller;
    private final EventQueue events;
    private final RunClock clock = new RunClock();
    private final CompletableFuture<ReasoningResult> result = new CompletableFuture<>();
    private final Sequence sequence;
    private final int lastPromptId;
    private final TextStream thinking;
    private TextStream answer; // from the end of thinking on
    private final IntStream.Builder thinkingIds = IntStream.builder();
    private final IntStream.Builder answerIds = IntStream.builder();
    private FinishReason answerEnd;

    private volatile int requestedBudget = UNCHANGED;
    private volatile boolean answerNow;

    ReasoningRun(LanguageModel model, ReasoningRequest request, RunPlan plan, ReasoningListener listener) {
        this.plan = plan;
        this.tokenizer = model.tokenizer();
        this.engine = model.engine();
        this.events = new EventQueue(listener);
        ThinkingBudget budget = request.budget().withMaxTokens(plan.thinkingTokens());
        controller = new ThinkingController(
                plan.tokens(), budget, plan.answerTokens(), plan.prompt().ids(), plan.prompt().text(), this);
        lastPromptId = plan.prompt().ids()[plan.prompt().ids().length - 1];
        thinking = new TextStream(tokenizer, lastPromptId);
        int[] start = controller.start();
        sequence = new Sequence(
                start, plan.prompt().ids().length, plan.sequenceTokens(), request.sampling(), 0, this);
    }

    void submit() {
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
        requestedBudget = Math.min(maxTokens, plan.mostThinkingTokens());
    }

    @Override
    public void cancel() {
        engine.cancel(sequence);
    }

    @Override
    public void onSampled(Sequence s, int id) {
        clock.token();
        if (requestedBudget != UNCHANGED) {
            controller.setBudget(requestedBudget);
        }
        if (answerNow) {
            controller.endThinking(ThinkingEnd.ANSWER_NOW);
        }
        switch (controller.onToken(id)) {
            case Directive.Continue c -> s.append(id);
            case Directive.Inject inject -> {
                s.truncate(s.length() - inject.drop());
                s.append(inject.ids());
                s.forbidNext(inject.forbidden());
            }
            case Directive.Finish finish -> {
                answerEnd = finish.reason();
                s.finish();
            }
        }
    }

    @Override
    public void thinkingToken(int id) {
        thinkingIds.add(id);
        tellThinking(thinking.append(id));
    }

    @Override
    public void waitAppended(int round, String text) {
        tellThinking(thinking.append(text, lastPromptId));
        events.post(l -> l.onWait(round));
    }

    @Override
    public void thinkingEnded(ThinkingEnd reason) {
        clock.thinkingEnd();
        tellThinking(thinking.finish());
        answer = new TextStream(tokenizer, lastPromptId);
        events.post(l -> l.onThinkingEnd(reason));
    }

    @Override
    public void answerToken(int id) {
        answerIds.add(id);
        tellAnswer(answer.append(id));
    }

    @Override
    public void onEnd(Sequence s, SequenceEnd end, Throwable failure) {
        clock.end();
        if (end == SequenceEnd.FAILED) {
            events.postLast(l -> l.onError(failure), () -> result.completeExceptionally(failure));
            return;
        }
        if (end == SequenceEnd.CANCELLED) {
            answerEnd = FinishReason.CANCELLED;
            controller.stoppedWithUnfed(s.pending());
        }
        if (answer == null) {
            tellThinking(thinking.finish());
        } else {
            tellAnswer(answer.finish());
        }
        ReasoningResult r = collect();
        events.postLast(l -> l.onComplete(r), () -> result.complete(r));
    }

    private ReasoningResult collect() {
        boolean cut = controller.thinkingEnd() == null;
        ThinkingEnd thinkingEnd = cut ? ThinkingEnd.CANCELLED : controller.thinkingEnd();
        String prefix =
                cut || !plan.tokens().protocol().hasThinking()
                        ? ""
                        : plan.tokens().closeText(thinkingEnd == ThinkingEnd.NATURAL);
        return new ReasoningResult(
                thinking.toString(),
                answer == null ? "" : answer.toString(),
                prefix,
                thinkingEnd,
                answerEnd,
                controller.waits(),
                thinkingIds.build().toArray(),
                answerIds.build().toArray(),
                plan.tokens().protocol().name(),
                Usage.of(controller.ledger(), clock));
    }

    private void tellThinking(String piece) {
        if (!piece.isEmpty()) {
            events.post(l -> l.onThinking(piece));
        }
    }

    private void tellAnswer(String piece) {
        if (!piece.isEmpty()) {
            events.post(l -> l.onAnswer(piece));
        }
    }
}
