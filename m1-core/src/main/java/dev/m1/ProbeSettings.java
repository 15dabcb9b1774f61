package dev.m1;

import java.util.List;
import java.util.Objects;

/**
 * Looks at what the model would answer while it thinks: every so many tokens the sequence is forked, its thinking is
 * closed as if it were cut, and the answer's beginning is read. The thinking itself does not see the probes.
 *
 * @param everyTokens thinking tokens between probes
 * @param letters option letters whose probabilities are read, in one forward step; empty = the greedy answer's text is
 *     read
 * @param answerTokens length of the answer text that is read when there are no letters
 * @param stop when the probes end the thinking
 */
public record ProbeSettings(int everyTokens, List<String> letters, int answerTokens, Stop stop) {
    /** When probes end the thinking, with {@link dev.m1.thinking.ThinkingEnd#CONVERGED}. */
    public sealed interface Stop {
        /** Never: the curve is only recorded. */
        record Never() implements Stop {}

        /** The same answer so many times in a row. */
        record Converged(int times) implements Stop {
            public Converged {
                if (times < 1) {
                    throw new IllegalArgumentException("converged(times) must be >= 1, got " + times);
                }
            }
        }

        /** A letter has at least this probability. */
        record Probability(double atLeast) implements Stop {
            public Probability {
                if (!(atLeast > 0 && atLeast <= 1)) {
                    throw new IllegalArgumentException("probability must be in (0, 1], got " + atLeast);
                }
            }
        }
    }

    public ProbeSettings {
        letters = List.copyOf(letters);
        Objects.requireNonNull(stop, "stop");
        if (everyTokens < 1) {
            throw new IllegalArgumentException("everyTokens must be >= 1, got " + everyTokens);
        }
        if (letters.isEmpty() && answerTokens < 1) {
            throw new IllegalArgumentException("answerTokens must be >= 1, got " + answerTokens);
        }
        if (letters.isEmpty() && stop instanceof Stop.Probability) {
            throw new IllegalArgumentException("probabilities are read of letters; none are given");
        }
    }

    /** Reads the probabilities of option letters every {@code everyTokens} thinking tokens. */
    public static ProbeSettings letters(int everyTokens, String... letters) {
        return new ProbeSettings(everyTokens, List.of(letters), 0, new Stop.Never());
    }

    /** Reads the first {@code answerTokens} tokens of the answer every {@code everyTokens} thinking tokens. */
    public static ProbeSettings text(int everyTokens, int answerTokens) {
        return new ProbeSettings(everyTokens, List.of(), answerTokens, new Stop.Never());
    }

    /** The same probes, ending the thinking. */
    public ProbeSettings stopWhen(Stop rule) {
        return new ProbeSettings(everyTokens, letters, answerTokens, rule);
    }

    /** For {@link #stopWhen}: the same answer {@code times} probes in a row. */
    public static Stop converged(int times) {
        return new Stop.Converged(times);
    }

    /** For {@link #stopWhen}: a letter with at least this probability. */
    public static Stop probability(double atLeast) {
        return new Stop.Probability(atLeast);
    }
}
