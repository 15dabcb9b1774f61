package dev.m1.thinking;

/** What happens to the text while a {@link ThinkingController} runs, in order. */
public interface ThinkingEvents {
    /** A sampled id that is part of the thinking. */
    void thinkingToken(int id);

    /**
     * A Wait was appended to the thinking.
     *
     * @param round from 1
     * @param text with its leading space, if any
     */
    void waitAppended(int round, String text);

    /** Thinking is over; what follows are answer tokens. */
    void thinkingEnded(ThinkingEnd reason);

    /** A sampled id that is part of the answer. */
    void answerToken(int id);
}
