package dev.m1.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class MassThresholdTest {
    @Property(seed = "4711")
    void equalsSortingWithWeights(
            @ForAll("values") float[] values, @ForAll long seed, @ForAll @LongRange(min = 0, max = 999_999) long part) {
        int[] keys = keys(values);
        long[] weights = new SplittableRandom(seed).longs(values.length, 0, 1L << 40).toArray();
        weights[0]++; // at least one has mass
        long total = Arrays.stream(weights).sum();
        long target = 1 + (long) ((total - 1) * (part / 999_999.0));
        MassThreshold threshold = new MassThreshold();
        threshold.find(keys, weights, keys.length, target);
        expect(threshold, keys, weights, target);
    }

    @Property(seed = "4712")
    void equalsSortingWithCounts(@ForAll("values") float[] values, @ForAll @LongRange(min = 0, max = 999) long part) {
        int[] keys = keys(values);
        long[] ones = new long[keys.length];
        Arrays.fill(ones, 1);
        long target = 1 + part * (keys.length - 1) / 999;
        MassThreshold threshold = new MassThreshold();
        threshold.find(keys, null, keys.length, target);
        expect(threshold, keys, ones, target);
    }

    @Provide
    Arbitrary<float[]> values() {
        Arbitrary<Float> any = Arbitraries.floats();
        Arbitrary<Float> equals = Arbitraries.of(-1f, -0f, 0f, 1f, 1.0000001f);
        return Arbitraries.oneOf(any, equals).array(float[].class).ofMinSize(1).ofMaxSize(200);
    }

    private static int[] keys(float[] values) {
        int[] keys = new int[values.length];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = MassThreshold.keyOf(values[i]);
        }
        return keys;
    }

    private static void expect(MassThreshold threshold, int[] keys, long[] weights, long target) {
        int[] order = IntStream.range(0, keys.length).boxed()
                .sorted(Comparator.comparing((Integer i) -> keys[i]).reversed()).mapToInt(i -> i).toArray();
        long sum = 0;
        int i = 0;
        while ((sum += weights[order[i]]) < target) {
            i++;
        }
        int key = keys[order[i]];
        long above = IntStream.range(0, keys.length).filter(j -> keys[j] > key).mapToLong(j -> weights[j]).sum();
        assertThat(threshold.key()).isEqualTo(key);
        assertThat(threshold.above()).isEqualTo(above);
    }

    @Test
    void keysSortLikeFloatsAndComeBack() {
        float[] ascending = {
            -Float.MAX_VALUE, -1.5f, -1f, -Float.MIN_VALUE, 0f, Float.MIN_VALUE, 1f, Math.nextUp(1f), Float.MAX_VALUE
        };
        for (int i = 0; i < ascending.length; i++) {
            assertThat(MassThreshold.valueOf(MassThreshold.keyOf(ascending[i]))).isEqualTo(ascending[i]);
            if (i > 0) {
                assertThat(MassThreshold.keyOf(ascending[i])).isGreaterThan(MassThreshold.keyOf(ascending[i - 1]));
            }
        }
        assertThat(MassThreshold.keyOf(-0f)).isEqualTo(MassThreshold.keyOf(0f));
    }
}
