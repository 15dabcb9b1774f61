package dev.m1.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PartitionTest {
    @Property
    void coversEverythingOnceInOrderAndEvenly(
            @ForAll @IntRange(max = 100_000) int n,
            @ForAll @IntRange(min = 1, max = 64) int parts,
            @ForAll @IntRange(min = 1, max = 70) int align) {
        assertThat(Partition.begin(n, parts, 0, align)).isZero();
        assertThat(Partition.begin(n, parts, parts, align)).isEqualTo(n);
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (int i = 0; i < parts; i++) {
            int begin = Partition.begin(n, parts, i, align);
            int end = Partition.begin(n, parts, i + 1, align);
            assertThat(begin).isLessThanOrEqualTo(end);
            assertThat(begin % align == 0 || begin == n).isTrue();
            least = Math.min(least, Partition.units(end - begin, align));
            most = Math.max(most, Partition.units(end - begin, align));
        }
        assertThat(most - least).isLessThanOrEqualTo(1);
    }

    @Test
    void doesNotOverflow() {
        int n = Integer.MAX_VALUE;
        assertThat(Partition.begin(n, 64, 64, 16)).isEqualTo(n);
        assertThat(Partition.begin(n, 64, 63, 16)).isBetween(n - n / 63, n - n / 65);
        assertThat(Partition.units(n, 16)).isEqualTo(1 << 27);
    }
}
