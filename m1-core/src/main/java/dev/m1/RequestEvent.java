package dev.m1;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/** One reasoning request from submission to its end, in Java Flight Recorder. */
@Name("dev.m1.Request")
@Label("Reasoning Request")
@Category("m1")
@Description("A request from submission to its result")
@StackTrace(false)
final class RequestEvent extends Event {
    @Label("Protocol")
    String protocol;

    @Label("Prompt Tokens")
    int promptTokens;

    @Label("Thinking Tokens")
    int thinkingTokens;

    @Label("Answer Tokens")
    int answerTokens;

    @Label("Reused Tokens")
    @Description("Prompt tokens whose keys and values were there already")
    int reusedTokens;

    @Label("Fed Tokens")
    @Description("Tokens that went through the model for this request")
    int fedTokens;

    @Label("Waits")
    int waits;

    @Label("Thinking End")
    String thinkingEnd;

    @Label("Answer End")
    String answerEnd;

    @Label("Failure")
    @Description("What was thrown; absent if there is a result")
    String failure;

    /** Ends the event; its numbers are collected only while somebody records. */
    void end(ReasoningResult r) {
        if (shouldCommit()) {
            protocol = r.protocol();
            promptTokens = r.usage().promptTokens();
            thinkingTokens = r.usage().thinkingTokens();
            answerTokens = r.usage().answerTokens();
            reusedTokens = r.usage().reusedTokens();
            fedTokens = r.usage().fedTokens();
            waits = r.waits();
            thinkingEnd = r.thinkingEnd().name();
            answerEnd = r.answerEnd().name();
            commit();
        }
    }

    /** Ends the event of a request without a result. */
    void failed(RunPlan plan, Throwable cause) {
        if (shouldCommit()) {
            protocol = plan.tokens().protocol().name();
            promptTokens = plan.prompt().ids().length;
            failure = cause.toString();
            commit();
        }
    }
}
