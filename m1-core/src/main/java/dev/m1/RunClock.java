package dev.m1;

import java.time.Duration;

/** The times of one run; written by the engine's thread. */
final class RunClock {
    private final long submitted = System.nanoTime();
    private long firstToken;
    private long thinkingEnded;
    private long ended;
    private long lastToken;
    private int tokens;

    void token() {
        lastToken = System.nanoTime();
        tokens++;
        if (firstToken == 0) {
            firstToken = lastToken;
        }
    }

    /** {@link System#nanoTime} of the submission. */
    long submitted() {
        return submitted;
    }

    long sinceSubmission() {
        return System.nanoTime() - submitted;
    }

    /** How long so many tokens take at the rate since the first one, in ns; 0 as long as there is no rate. */
    long nanosFor(int count) {
        return tokens < 2 ? 0 : Math.round((double) (lastToken - firstToken) / (tokens - 1) * count);
    }

    void thinkingEnd() {
        thinkingEnded = System.nanoTime();
    }

    void end() {
        ended = System.nanoTime();
        if (firstToken == 0) {
            firstToken = ended;
        }
        if (thinkingEnded < firstToken) {
            thinkingEnded = firstToken; // no thinking, or none before the first token
        }
    }

    Duration timeToFirstToken() {
        return Duration.ofNanos(firstToken - submitted);
    }

    Duration thinkingTime() {
        return Duration.ofNanos(thinkingEnded - firstToken);
    }

    Duration answerTime() {
        return Duration.ofNanos(ended - thinkingEnded);
    }
}
