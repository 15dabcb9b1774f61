package dev.m1.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/** Against a plain implementation that sorts, with the rules as they are written down. */
class SamplerPropertiesTest {
    @Property(seed = "20250401", tries = 2000)
    void keepsWhatTheRulesSayAndDrawsFromIt(
            @ForAll("logits") float[] logits,
            @ForAll("samplings") Sampling sampling,
            @ForAll @IntRange(max = 100_000) int position) {
        Sampler sampler = new Sampler(logits.length);
        List<Integer> kept = kept(logits, sampling);
        double[] p = sampler.probabilities(logits.clone(), sampling, null, 0, 0);
        for (int id = 0; id < p.length; id++) {
            long weight = weight(logits, id, sampling);
            assertThat(p[id] > 0).as("id %d", id).isEqualTo(kept.contains(id) && weight > 0);
        }
        // Rounding of n quotients.
        assertThat(Arrays.stream(p).sum()).isCloseTo(1, within(p.length * 0x1p-52));
        int id = sampler.sample(logits.clone(), sampling, null, 0, 0, 3, position);
        assertThat(p[id]).isPositive();
        assertThat(new Sampler(logits.length).sample(logits.clone(), sampling, null, 0, 0, 3, position)).isEqualTo(id);
    }

    private static long weight(float[] logits, int id, Sampling sampling) {
        double largest = IntStream.range(0, logits.length).mapToDouble(i -> logits[i]).max().orElseThrow();
        return TokenWeight.of((logits[id] - largest) / sampling.temperature());
    }

    /** Ids left by top-k, top-p and min-p. */
    private static List<Integer> kept(float[] logits, Sampling sampling) {
        Comparator<Integer> byLogit = Comparator.comparing(i -> logits[i] + 0f);
        List<Integer> best = IntStream.range(0, logits.length).boxed()
                .sorted(byLogit.thenComparing(i -> i).reversed()).collect(Collectors.toList());
        if (sampling.topK() > 0 && sampling.topK() < best.size()) {
            float least = logits[best.get(sampling.topK() - 1)];
            best.removeIf(i -> logits[i] < least);
        }
        if (sampling.topP() < 1) {
            long total = best.stream().mapToLong(i -> weight(logits, i, sampling)).sum();
            long target = Math.max(1, (long) Math.ceil(sampling.topP() * total));
            long sum = 0;
            int n = 0;
            while (sum < target) {
                sum += weight(logits, best.get(n++), sampling);
            }
            best = best.subList(0, n);
        }
        long least = (long) Math.ceil(sampling.minP() * TokenWeight.ONE);
        return best.stream().filter(i -> weight(logits, i, sampling) >= least).toList();
    }

    @Provide
    Arbitrary<float[]> logits() {
        Arbitrary<Float> usual = Arbitraries.floats().between(-20, 20);
        Arbitrary<Float> equals = Arbitraries.of(-1f, -0f, 0f, 1f, 2f);
        Arbitrary<Float> any = Arbitraries.floats().filter(Float::isFinite);
        Arbitrary<Float> mixed = Arbitraries.frequencyOf(
                Tuple.of(6, usual), Tuple.of(3, equals), Tuple.of(1, any));
        return mixed.array(float[].class).ofMinSize(1).ofMaxSize(120);
    }

    @Provide
    Arbitrary<Sampling> samplings() {
        return Combinators.combine(
                        Arbitraries.doubles().between(0.05, 5).withoutEdgeCases(),
                        Arbitraries.integers().between(0, 130).withoutEdgeCases(),
                        Arbitraries.doubles().between(0.01, 1),
                        Arbitraries.oneOf(Arbitraries.just(0.0), Arbitraries.doubles().between(0, 1)),
                        Arbitraries.longs().withoutEdgeCases())
                .as((temperature, topK, topP, minP, seed) -> Sampling.builder()
                        .temperature(temperature).topK(topK).topP(topP).minP(minP).seed(seed).build());
    }
}
