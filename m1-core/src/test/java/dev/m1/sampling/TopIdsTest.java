package dev.m1.sampling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class TopIdsTest {
    /** Few distinct values, so that most of them tie. */
    @Property
    void isTheHeadOfAStableSort(
            @ForAll @Size(min = 1, max = 60) int[] values,
            @ForAll @IntRange(min = 1, max = 20) int k) {
        float[] x = new float[values.length + 3];
        Integer[] order = new Integer[values.length];
        for (int i = 0; i < values.length; i++) {
            x[i + 3] = values[i] % 5;
            order[i] = i;
        }
        Arrays.sort(order, (a, b) -> Float.compare(x[b + 3], x[a + 3]));
        int[] ids = new int[20];
        TopIds.select(x, 3, values.length, k, ids);
        for (int j = 0; j < Math.min(k, values.length); j++) {
            assertThat(ids[j]).isEqualTo(order[j]);
        }
    }
}
