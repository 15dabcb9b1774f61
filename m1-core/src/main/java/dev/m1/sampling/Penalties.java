package dev.m1.sampling;

/**
 * Penalties for ids that were seen: repetition as in Hugging Face's {@code RepetitionPenaltyLogitsProcessor}, over
 * prompt and output; presence and frequency as OpenAI's API defines them, over the output only. Computed in double and
 * rounded to float once each; a result beyond the floats is held at the largest finite one. Used by one thread at a
 * time.
 */
final class Penalties {
    private final int[] marks; // [vocab], all 0 between calls

    Penalties(int vocabSize) {
        marks = new int[vocabSize];
    }

    /**
     * Changes the logits in place. Time is linear in the history.
     *
     * @param logits {@code [vocab]}
     */
    void apply(float[] logits, Sampling sampling, int[] history, int length, int generatedFrom) {
        check(history, length, generatedFrom);
        if (sampling.repetitionPenalty() != 1) {
            repetition(logits, sampling.repetitionPenalty(), history, length);
        }
        if (sampling.presencePenalty() != 0 || sampling.frequencyPenalty() != 0) {
            generated(logits, sampling.presencePenalty(), sampling.frequencyPenalty(), history, length, generatedFrom);
        }
    }

    private void check(int[] history, int length, int generatedFrom) {
        if (history == null) {
            throw new IllegalArgumentException("penalties need the ids so far; history is null");
        }
        if (length < 0 || length > history.length) {
            throw new IllegalArgumentException("history length " + length + " is outside 0 … " + history.length);
        }
        if (generatedFrom < 0 || generatedFrom > length) {
            throw new IllegalArgumentException("generatedFrom " + generatedFrom + " is outside 0 … " + length);
        }
        for (int i = 0; i < length; i++) {
            if (history[i] < 0 || history[i] >= marks.length) {
                throw new IllegalArgumentException(
                        "history[" + i + "] is id " + history[i] + ", outside 0 … " + (marks.length - 1));
            }
        }
    }

    private void repetition(float[] logits, double penalty, int[] history, int length) {
        for (int i = 0; i < length; i++) {
            int id = history[i];
            if (marks[id] == 0) {
                marks[id] = 1;
                logits[id] = finite(logits[id] > 0 ? logits[id] / penalty : logits[id] * penalty);
            }
        }
        for (int i = 0; i < length; i++) {
            marks[history[i]] = 0;
        }
    }

    private void generated(
            float[] logits, double presence, double frequency, int[] history, int length, int generatedFrom) {
        for (int i = generatedFrom; i < length; i++) {
            marks[history[i]]++;
        }
        for (int i = generatedFrom; i < length; i++) {
            int id = history[i];
            if (marks[id] > 0) {
                logits[id] = finite(logits[id] - (presence + frequency * marks[id]));
                marks[id] = 0;
            }
        }
    }

    private static float finite(double logit) {
        return (float) Math.clamp(logit, -Float.MAX_VALUE, Float.MAX_VALUE);
    }
}
