package dev.m1.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class PenaltiesTest {
    private final Penalties penalties = new Penalties(5);
    // The prompt is 0 0 1, the output 1 2 2 2.
    private final int[] history = {0, 0, 1, 1, 2, 2, 2};

    private float[] apply(Sampling.Builder sampling) {
        float[] logits = {4, -4, 8, -8, 0};
        penalties.apply(logits, sampling.build(), history, 7, 3);
        return logits;
    }

    @Test
    void repetitionCountsPromptAndOutputOnceEach() {
        // Positive logits are divided, negative ones multiplied; 3 and 4 were never seen.
        assertThat(apply(Sampling.builder().repetitionPenalty(2))).containsExactly(2, -8, 4, -8, 0);
    }

    @Test
    void presenceIsForTheOutputOnly() {
        // Id 0 is in the prompt only; 1 and 2 were generated, however often.
        assertThat(apply(Sampling.builder().presencePenalty(1.5))).containsExactly(4, -5.5f, 6.5f, -8, 0);
    }

    @Test
    void frequencyGrowsWithTheCountInTheOutput() {
        // Id 1 was generated once (its place in the prompt does not count), id 2 three times.
        assertThat(apply(Sampling.builder().frequencyPenalty(0.5))).containsExactly(4, -4.5f, 6.5f, -8, 0);
    }

    @Test
    void allOfThemTogetherRepetitionFirst() {
        // Id 1: -4 * 2 - 1 - 1 * 0.5; id 2: 8 / 2 - 1 - 3 * 0.5.
        assertThat(apply(Sampling.builder().repetitionPenalty(2).presencePenalty(1).frequencyPenalty(0.5)))
                .containsExactly(2, -9.5f, 1.5f, -8, 0);
    }

    @Test
    void negativePenaltiesReward() {
        assertThat(apply(Sampling.builder().presencePenalty(-1).frequencyPenalty(-1)))
                .containsExactly(4, -2, 12, -8, 0);
    }

    @Test
    void nothingIsLeftBehindForTheNextCall() {
        float[] first = apply(Sampling.builder().repetitionPenalty(2).presencePenalty(1).frequencyPenalty(0.5));
        float[] second = apply(Sampling.builder().repetitionPenalty(2).presencePenalty(1).frequencyPenalty(0.5));
        assertThat(second).isEqualTo(first);
    }

    @Test
    void aResultBeyondTheFloatsIsHeldAtTheLargest() {
        assertThat(apply(Sampling.builder().repetitionPenalty(1e-300)))
                .containsExactly(Float.MAX_VALUE, -0f, Float.MAX_VALUE, -8, 0);
        assertThat(apply(Sampling.builder().repetitionPenalty(1e300)))
                .containsExactly(0, -Float.MAX_VALUE, 0, -8, 0);
        assertThat(apply(Sampling.builder().frequencyPenalty(Double.MAX_VALUE)))
                .containsExactly(4, -Float.MAX_VALUE, -Float.MAX_VALUE, -8, 0);
    }

    @Test
    void wrongArgumentsAreNamed() {
        Sampling sampling = Sampling.builder().repetitionPenalty(2).build();
        float[] logits = new float[5];
        assertThatThrownBy(() -> penalties.apply(logits, sampling, null, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("null");
        assertThatThrownBy(() -> penalties.apply(logits, sampling, history, 8, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8")
                .hasMessageContaining("7");
        assertThatThrownBy(() -> penalties.apply(logits, sampling, history, 3, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("generatedFrom 4");
        assertThatThrownBy(() -> penalties.apply(logits, sampling, new int[] {0, 5}, 2, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("history[1] is id 5");
        assertThatThrownBy(() -> penalties.apply(logits, sampling, new int[] {-1}, 1, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("id -1");
    }
}
