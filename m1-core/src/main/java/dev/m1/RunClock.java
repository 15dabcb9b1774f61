package dev.m1;

import java.time.Duration;

/** The times of one run; written by the engine's thread. */
final class RunClock {
    private final long submitted = System.nanoTime();
    private long firstToken;
    private long thinkingEnded;
    private long ended;

    void token() {
        if (firstToken == 0) {
            firstToken = System.nanoTime();
        }
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
