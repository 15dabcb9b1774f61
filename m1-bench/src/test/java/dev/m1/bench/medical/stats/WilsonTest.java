package dev.m1.bench.medical.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.apache.commons.math3.stat.interval.ConfidenceInterval;
import org.apache.commons.math3.stat.interval.WilsonScoreInterval;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class WilsonTest {
    /** A dozen roundings of numbers up to 1; the quantile is the only transcendental in it. */
    private static final double ROUNDING = 1e-13;

    static Stream<JsonNode> wilson() {
        return StatsGoldens.of("wilson");
    }

    @ParameterizedTest
    @MethodSource("wilson")
    void sameAsStatsmodelsAndCommonsMath(JsonNode golden) {
        int right = golden.get("right").intValue();
        int n = golden.get("n").intValue();
        Interval interval = Wilson.interval(right, n);
        assertThat(interval.low()).isCloseTo(golden.get("low").doubleValue(), within(ROUNDING));
        assertThat(interval.high()).isCloseTo(golden.get("high").doubleValue(), within(ROUNDING));
        ConfidenceInterval theirs = new WilsonScoreInterval().createInterval(n, right, 0.95);
        assertThat(interval.low()).isCloseTo(theirs.getLowerBound(), within(ROUNDING));
        assertThat(interval.high()).isCloseTo(theirs.getUpperBound(), within(ROUNDING));
        assertThat(interval.low()).isBetween(0.0, (double) right / n);
        assertThat(interval.high()).isBetween((double) right / n, 1.0);
    }

    @ParameterizedTest
    @CsvSource({"-1, 5", "6, 5", "0, 0"})
    void refusesWhatIsNoProportion(int right, int n) {
        assertThatIllegalArgumentException().isThrownBy(() -> Wilson.interval(right, n)).withMessageContaining("" + n);
    }
}
