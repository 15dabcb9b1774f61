package dev.m1.thinking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class LoopDetectorTest {
    private static int feed(LoopDetector d, int... ids) {
        int found = 0;
        for (int id : ids) {
            found = d.add(id);
        }
        return found;
    }

    @Test
    void seesAPeriodAsOftenAsAskedAndNotBefore() {
        LoopGuard guard = new LoopGuard(8, 3);
        assertThat(feed(new LoopDetector(guard), 9, 1, 2, 3, 1, 2, 3, 1, 2)).isZero();
        assertThat(feed(new LoopDetector(guard), 9, 1, 2, 3, 1, 2, 3, 1, 2, 3)).isEqualTo(3);
        assertThat(feed(new LoopDetector(guard), 5, 5, 5)).isEqualTo(1);
        assertThat(feed(new LoopDetector(guard), 1, 2, 3, 1, 2, 4, 1, 2, 3)).isZero();
    }

    @Test
    void longerPeriodsThanAskedAreNotSeen() {
        int[] ids = new int[30];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = i % 6;
        }
        assertThat(feed(new LoopDetector(new LoopGuard(5, 2)), ids)).isZero();
        assertThat(feed(new LoopDetector(new LoopGuard(6, 2)), ids)).isEqualTo(6);
    }

    @Test
    void badSettingsAreRefused() {
        assertThatThrownBy(() -> new LoopGuard(0, 2)).hasMessageContaining("0");
        assertThatThrownBy(() -> new LoopGuard(4, 1)).hasMessageContaining("1");
    }

    /** Against the definition: the last period × repeats ids are a period, repeated. */
    @Property
    void agreesWithTheDefinition(
            @ForAll @Size(max = 60) @IntRange(max = 2) int[] ids,
            @ForAll @IntRange(min = 1, max = 7) int maxPeriod,
            @ForAll @IntRange(min = 2, max = 4) int repeats) {
        LoopDetector d = new LoopDetector(new LoopGuard(maxPeriod, repeats));
        for (int n = 1; n <= ids.length; n++) {
            assertThat(d.add(ids[n - 1])).isEqualTo(shortest(ids, n, maxPeriod, repeats));
        }
    }

    private static int shortest(int[] ids, int n, int maxPeriod, int repeats) {
        for (int p = 1; p <= maxPeriod && p * repeats <= n; p++) {
            boolean same = true;
            for (int i = n - p * repeats + p; i < n; i++) {
                same &= ids[i] == ids[i - p];
            }
            if (same) {
                return p;
            }
        }
        return 0;
    }
}
