package dev.m1.bench.medical.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PairedDifferenceTest {
    /**
     * By hand: n = 21 with 1 flip one way and 7 the other, so 2/23 and 8/23; difference -6/23 = -0.260870, standard
     * error sqrt((10/23 - 36/529) / 23) = sqrt(194/12167) = 0.126272, times 1.959964 = 0.247489. Six digits, so the
     * ends are off by less than 3e-6.
     */
    @Test
    void workedByHand() {
        Interval interval = PairedDifference.interval(new FlipTable(1, 7, 1, 12));
        assertThat(interval.low()).isCloseTo(-0.508359, within(3e-6));
        assertThat(interval.high()).isCloseTo(-0.013381, within(3e-6));
    }

    @Test
    void directionTurnsTheSign() {
        Interval up = PairedDifference.interval(new FlipTable(10, 2, 9, 4));
        Interval down = PairedDifference.interval(new FlipTable(10, 9, 2, 4));
        assertThat(up.low()).isCloseTo(-down.high(), within(1e-15));
        assertThat(up.high()).isCloseTo(-down.low(), within(1e-15));
    }

    @Test
    void hasAWidthWithoutFlipsAndStaysInside() {
        Interval none = PairedDifference.interval(new FlipTable(5, 0, 0, 5));
        assertThat(none.low()).isNegative().isEqualTo(-none.high());
        Interval all = PairedDifference.interval(new FlipTable(0, 0, 1, 0));
        assertThat(all.high()).isLessThanOrEqualTo(1);
        assertThat(PairedDifference.interval(new FlipTable(0, 0, 0, 0)).low()).isEqualTo(-1);
    }
}
