package dev.m1;

import dev.m1.engine.Sequence;
import dev.m1.thinking.Directive;
import dev.m1.thinking.FinishReason;
import dev.m1.thinking.Ledger;
import dev.m1.thinking.ThinkingController;
import dev.m1.thinking.ThinkingEnd;
import dev.m1.thinking.ThinkingEvents;
import dev.m1.tokenizer.Tokenizer;
import java.util.List;
import java.util.stream.IntStream;

/**
 * One run's decisions and what came of them: the thinking controller, the ids and the text so far. It knows nothing of
 * where its tokens come from, so several of them may watch the same sequence as long as they decide alike.
 */
final class RunRecord implements ThinkingEvents {
    /** Hears the text as it grows. */
    interface Sink {
        default void thinking(String piece) {}

        default void waitAppended(int round) {}

        default void thinkingEnded(ThinkingEnd reason) {}

        default void answer(String piece) {}
    }

    private final RunPlan plan;
    private final Tokenizer tokenizer;
    private final Sink sink;
    private final ThinkingController controller;
    private final RunClock clock = new RunClock();
    private final TextStream thinking;
    private TextStream answer; // from the end of thinking on
    private final IntStream.Builder thinkingIds = IntStream.builder();
    private final IntStream.Builder answerIds = IntStream.builder();
    private final int[] start; // ids to feed before the first sample
    private int thinkingCount;

    RunRecord(Tokenizer tokenizer, ReasoningRequest request, RunPlan plan, Sink sink) {
        this.plan = plan;
        this.tokenizer = tokenizer;
        this.sink = sink;
        int[] prompt = plan.prompt().ids();
        thinking = new TextStream(tokenizer);
        controller = new ThinkingController(
                plan.tokens(),
                request.budget().withMaxTokens(plan.thinkingTokens()),
                plan.answerTokens(),
                prompt,
                plan.prompt().text(),
                this);
        start = controller.start();
    }

    /** Ids to feed before the first sample. */
    int[] start() {
        return start;
    }

    /** What a sampled id leads to. */
    Directive onToken(int id) {
        clock.token();
        return controller.onToken(id);
    }

    /**
     * The directive, or the end if the sequence has no room for its ids: text that is encoded anew may need more ids
     * than were planned for.
     */
    Directive fitted(Directive directive, Sequence s) {
        int missing = Directives.overflow(directive, s);
        if (missing == 0) {
            return directive;
        }
        controller.stoppedWithUnfed(missing);
        return new Directive.Finish(FinishReason.LENGTH);
    }

    ThinkingController controller() {
        return controller;
    }

    RunPlan plan() {
        return plan;
    }

    RunClock clock() {
        return clock;
    }

    boolean isThinking() {
        return answer == null;
    }

    int thinkingCount() {
        return thinkingCount;
    }

    @Override
    public void thinkingToken(int id) {
        thinkingIds.add(id);
        thinkingCount++;
        tellThinking(thinking.append(id));
    }

    @Override
    public void waitAppended(int round, String text) {
        tellThinking(thinking.appendText(text));
        sink.waitAppended(round);
    }

    @Override
    public void thinkingEnded(ThinkingEnd reason) {
        clock.thinkingEnd();
        tellThinking(thinking.finish());
        answer = new TextStream(tokenizer);
        sink.thinkingEnded(reason);
    }

    @Override
    public void answerToken(int id) {
        answerIds.add(id);
        tellAnswer(answer.append(id));
    }

    /** Ends the record; to be called once. The sequence may be null when its costs are accounted for elsewhere. */
    ReasoningResult finish(FinishReason answerEnd, Sequence sequence) {
        if (answer == null) {
            clock.thinkingEnd();
        }
        clock.end();
        if (answer == null) {
            tellThinking(thinking.finish());
        } else {
            tellAnswer(answer.finish());
        }
        ThinkingEnd stopped = answerEnd == FinishReason.DEADLINE ? ThinkingEnd.DEADLINE : ThinkingEnd.CANCELLED;
        ThinkingEnd end = answer == null ? stopped : controller.thinkingEnd();
        boolean framed = answer != null && plan.tokens().protocol().hasThinking();
        Ledger ledger = controller.ledger();
        return new ReasoningResult(
                thinking.toString(),
                answer == null ? "" : answer.toString(),
                framed ? plan.tokens().closeText(end == ThinkingEnd.NATURAL) : "",
                end,
                answerEnd,
                controller.waits(),
                thinkingIds.build().toArray(),
                answerIds.build().toArray(),
                plan.tokens().protocol().name(),
                sequence == null ? Usage.of(ledger, 0, 0, clock) : Usage.of(ledger, sequence, clock),
                "",
                List.of());
    }

    private void tellThinking(String piece) {
        if (!piece.isEmpty()) {
            sink.thinking(piece);
        }
    }

    private void tellAnswer(String piece) {
        if (!piece.isEmpty()) {
            sink.answer(piece);
        }
    }
}
