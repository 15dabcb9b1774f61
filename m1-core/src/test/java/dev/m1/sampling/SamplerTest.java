package dev.m1.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.errors.NonFiniteLogitsException;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SamplerTest {
    private static final Sampling PLAIN = Sampling.builder().temperature(1).seed(42).build();

    private static int sample(Sampler sampler, float[] logits, Sampling sampling, long sampleIndex, int position) {
        return sampler.sample(logits, sampling, null, 0, 0, sampleIndex, position);
    }

    @Test
    void greedyTakesTheLowestOfEquals() {
        Sampler sampler = new Sampler(5);
        assertThat(sample(sampler, new float[] {-3, 2, 1, 2, 2}, Sampling.greedy(), 0, 0)).isEqualTo(1);
        assertThat(sample(sampler, new float[] {-0f, 0f, -0f, 0f, -1}, Sampling.greedy(), 0, 0)).isZero();
        assertThat(sample(sampler, new float[] {-5, -4, -3, -2, -1}, Sampling.greedy(), 0, 0)).isEqualTo(4);
    }

    @Test
    void greedyComesAfterThePenalties() {
        Sampling sampling = Sampling.builder().repetitionPenalty(2).build();
        int id = new Sampler(3).sample(new float[] {3, 2, 1}, sampling, new int[] {0, 9}, 1, 1, 0, 0);
        assertThat(id).isEqualTo(1);
    }

    /**
     * The bound is the quantile of chi-square with 9 degrees of freedom that a right sampler exceeds once in 10^6
     * seeds.
     */
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void drawsFollowTheDistribution(long seed) {
        float[] logits = {0.3f, -1, 2, 0, 1.1f, -0.4f, 0.9f, 1.7f, -2, 0.05f};
        Sampling sampling = Sampling.builder().temperature(0.8).seed(seed).build();
        Sampler sampler = new Sampler(logits.length);
        double[] p = sampler.probabilities(logits, sampling, null, 0, 0);
        int n = 40_000;
        int[] seen = new int[logits.length];
        for (int i = 0; i < n; i++) {
            seen[sample(sampler, logits, sampling, i % 16, i / 16)]++;
        }
        double chiSquare = 0;
        for (int i = 0; i < p.length; i++) {
            double expected = n * p[i];
            chiSquare += (seen[i] - expected) * (seen[i] - expected) / expected;
        }
        assertThat(chiSquare).as("seed %d: %s", seed, Arrays.toString(seen)).isLessThan(44.81);
    }

    @Test
    void aDrawIsTheInverseOfTheRunningSumInOrderOfIds() {
        float[] logits = {0, (float) Math.log(2), 0}; // 1/4, 1/2, 1/4
        Sampler sampler = new Sampler(3);
        for (int position = 0; position < 2000; position++) {
            double u = Philox.uniform(42, 7, position);
            int expected = u < 0.25 ? 0 : u < 0.75 ? 1 : 2;
            // ln 2 as a float is off by 2^-25: within that of an edge either side is right.
            if (Math.abs(u - 0.25) > 1e-6 && Math.abs(u - 0.75) > 1e-6) {
                assertThat(sample(sampler, logits, PLAIN, 7, position)).as("u = %s", u).isEqualTo(expected);
            }
        }
    }

    @Test
    void dependsOnSeedSampleAndPositionOnly() {
        float[] logits = new float[64];
        Sampler used = new Sampler(64);
        int[][] first = new int[4][50];
        for (int s = 0; s < 4; s++) {
            for (int position = 0; position < 50; position++) {
                first[s][position] = sample(used, logits, PLAIN, s, position);
            }
        }
        for (int position = 49; position >= 0; position--) { // another order, another instance
            for (int s = 3; s >= 0; s--) {
                assertThat(sample(new Sampler(64), logits, PLAIN, s, position)).isEqualTo(first[s][position]);
            }
        }
        assertThat(first[0]).isNotEqualTo(first[1]);
        Sampling other = Sampling.builder().temperature(1).seed(43).build();
        int[] otherSeed = new int[50];
        for (int position = 0; position < 50; position++) {
            otherSeed[position] = sample(used, logits, other, 0, position);
        }
        assertThat(otherSeed).isNotEqualTo(first[0]);
    }

    @Test
    void extremeLogitsAndTemperaturesStayExact() {
        float[] logits = {-Float.MAX_VALUE, Float.MAX_VALUE, 0};
        Sampler sampler = new Sampler(3);
        assertThat(sampler.probabilities(logits, PLAIN, null, 0, 0)).containsExactly(0, 1, 0);
        Sampling cold = Sampling.builder().temperature(Double.MIN_VALUE).build();
        assertThat(sampler.probabilities(new float[] {1, 2, 2}, cold, null, 0, 0)).containsExactly(0, 0.5, 0.5);
        Sampling hot = Sampling.builder().temperature(1e300).topP(0.5).minP(1).build();
        assertThat(sampler.probabilities(new float[] {1, 2, 3}, hot, null, 0, 0)).containsExactly(0, 0.5, 0.5);
    }

    @Test
    void minPOfOneKeepsTheLikeliestAndItsEquals() {
        Sampling sampling = Sampling.builder().temperature(1).minP(1).build();
        assertThat(new Sampler(4).probabilities(new float[] {1, 3, 3, 2.99f}, sampling, null, 0, 0))
                .containsExactly(0, 0.5, 0.5, 0);
    }

    @Test
    void oneTokenVocabulary() {
        Sampling all = Sampling.builder().temperature(1).topK(1).topP(0.1).minP(0.5).build();
        assertThat(sample(new Sampler(1), new float[] {-7}, all, 0, 0)).isZero();
    }

    @Test
    void aLargeVocabularyOfEqualsDoesNotOverflow() {
        int vocab = 1 << 22;
        Sampler sampler = new Sampler(vocab);
        Sampling half = Sampling.builder().temperature(1).topP(0.5).build();
        int id = sample(sampler, new float[vocab], half, 0, 0);
        assertThat(id).isBetween(vocab / 2, vocab - 1); // of equals the higher ids stay
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
    void nonFiniteLogitsAreNamed(float bad) {
        for (int n : new int[] {1, 3, 64, 151}) {
            for (int at : new int[] {0, n / 2, n - 1}) {
                float[] logits = new float[n];
                logits[at] = bad;
                logits[n - 1] = bad;
                for (Sampling sampling : new Sampling[] {Sampling.greedy(), PLAIN}) {
                    assertThatThrownBy(() -> sample(new Sampler(n), logits, sampling, 0, 0))
                            .isInstanceOf(NonFiniteLogitsException.class)
                            .hasMessageContaining("logits[" + at + "] is " + bad);
                }
            }
        }
    }

    @Test
    void wrongSizesAreNamed() {
        assertThatThrownBy(() -> new Sampler(0)).isInstanceOf(IllegalArgumentException.class).hasMessageContaining("0");
        assertThatThrownBy(() -> new Sampler((1 << 22) + 1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> sample(new Sampler(4), new float[5], PLAIN, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5")
                .hasMessageContaining("4");
        Sampling penalised = Sampling.builder().presencePenalty(1).build();
        assertThatThrownBy(() -> sample(new Sampler(4), new float[4], penalised, 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("history");
    }

    /** Falling logits make every one a new worst of the best; equal ones make every one a tie. */
    @Test
    void adversarialOrdersGiveTheSameSets() {
        int vocab = 10_000;
        Sampling sampling = Sampling.builder().temperature(1).topK(50).build();
        float[] rising = new float[vocab];
        for (int i = 0; i < vocab; i++) {
            rising[i] = i * 1e-3f;
        }
        double[] p = new Sampler(vocab).probabilities(rising.clone(), sampling, null, 0, 0);
        for (int i = 0; i < vocab; i++) {
            assertThat(p[i] > 0).as("id %d", i).isEqualTo(i >= vocab - 50);
        }
        double[] equal = new Sampler(vocab).probabilities(new float[vocab], sampling, null, 0, 0);
        assertThat(equal).containsOnly(1.0 / vocab);
    }

    @Test
    void nothingButThePenaltiesChangesTheLogits() {
        SplittableRandom random = new SplittableRandom(5);
        float[] logits = new float[300];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) (10 * random.nextDouble());
        }
        float[] before = logits.clone();
        Sampling all = Sampling.builder().temperature(0.7).topK(20).topP(0.8).minP(0.1).build();
        sample(new Sampler(300), logits, all, 0, 0);
        assertThat(logits).isEqualTo(before);
    }

    @Test
    void allocatesNothing() {
        com.sun.management.ThreadMXBean threads =
                (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        Sampler sampler = new Sampler(1000);
        float[] logits = new float[1000];
        int[] history = {1, 2, 3};
        Sampling sampling = Sampling.builder()
                .temperature(0.7).topK(20).topP(0.8).minP(0.1).repetitionPenalty(1.1).frequencyPenalty(0.1).build();
        sampler.sample(logits, sampling, history, 3, 1, 0, 0); // loads what the first call loads
        threads.getCurrentThreadAllocatedBytes();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int position = 0; position < 1000; position++) {
            sampler.sample(logits, sampling, history, 3, 1, 0, position);
        }
        // One allocation of the smallest object, 16 bytes, in each call would be 16,000.
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(1000);
    }
}
