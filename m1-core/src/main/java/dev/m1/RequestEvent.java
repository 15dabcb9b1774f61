package dev.m1;

import java.util.Collection;
import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One request of the host from submission to its end, in Java Flight Recorder. */
@Name("dev.m1.Request")
@Label("Request")
@Category("m1")
@Description("A request from submission to its result")
@StackTrace(false)
final class RequestEvent extends Event {
    @Label("Kind")
    @Description("reason, sweep, vote, generate or logits")
    String kind;

    @Label("Protocol")
    @Description("Absent where there is no thinking: generate, logits")
    String protocol;

    @Label("Results")
    @Description("Cells of a sweep, counted samples of a vote, else 1; 0 if it failed")
    int results;

    @Label("Prompt Tokens")
    @Description("Of the prompt that all results share")
    int promptTokens;

    @Label("Thinking Tokens")
    @Description("Of all results together")
    int thinkingTokens;

    @Label("Answer Tokens")
    @Description("Of all results together")
    int answerTokens;

    @Label("Reused Tokens")
    @Description("Prompt tokens whose keys and values were there already")
    int reusedTokens;

    @Label("Fed Tokens")
    @Description("Tokens that went through the model for this request")
    int fedTokens;

    @Label("Waits")
    @Description("Of all results together")
    int waits;

    @Label("Thinking End")
    @Description("Of a request with a single result")
    String thinkingEnd;

    @Label("Answer End")
    @Description("Of a request with a single result")
    String answerEnd;

    @Label("Failure")
    @Description("What was thrown; absent if there is a result")
    String failure;

    /** A request that begins now. */
    static RequestEvent begun(String kind) {
        RequestEvent event = new RequestEvent();
        event.kind = kind;
        event.begin();
        return event;
    }

    /** Ends the event; its numbers are collected only while somebody records, here and below. */
    void end(ReasoningResult r) {
        if (shouldCommit()) {
            add(r);
            reusedTokens = r.usage().reusedTokens();
            fedTokens = r.usage().fedTokens();
            thinkingEnd = r.thinkingEnd().name();
            answerEnd = r.answerEnd().name();
            commit();
        }
    }

    /**
     * Ends the event of a request with several results.
     *
     * @param reused prompt tokens that were there already
     * @param fed tokens fed for all of them
     */
    void end(Collection<ReasoningResult> all, long reused, long fed) {
        if (shouldCommit()) {
            all.forEach(this::add);
            reusedTokens = (int) reused;
            fedTokens = (int) Math.min(fed, Integer.MAX_VALUE);
            commit();
        }
    }

    private void add(ReasoningResult r) {
        results++;
        protocol = r.protocol();
        promptTokens = r.usage().promptTokens();
        thinkingTokens += r.usage().thinkingTokens();
        answerTokens += r.usage().answerTokens();
        waits += r.waits();
    }

    /** Ends the event of a plain generation. */
    void end(Generation g) {
        if (shouldCommit()) {
            results = 1;
            promptTokens = g.usage().promptTokens();
            answerTokens = g.usage().answerTokens();
            reusedTokens = g.usage().reusedTokens();
            fedTokens = g.usage().fedTokens();
            answerEnd = g.finishReason().name();
            commit();
        }
    }

    /** Ends the event of a request for logits. */
    void end(int prompt, long reused, long fed) {
        if (shouldCommit()) {
            results = 1;
            promptTokens = prompt;
            reusedTokens = (int) reused;
            fedTokens = (int) fed;
            commit();
        }
    }

    /** Ends the event of a request without a result. */
    void failed(RunPlan plan, Throwable cause) {
        if (shouldCommit()) {
            protocol = plan.tokens().protocol().name();
            failed(plan.prompt().ids().length, cause);
        }
    }

    /** Ends the event of a request without thinking and without a result. */
    void failed(int prompt, Throwable cause) {
        if (shouldCommit()) {
            promptTokens = prompt;
            failure = cause.toString();
            commit();
        }
    }
}
