package dev.m1.bench.medical.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MacroAverageTest {
    static Stream<JsonNode> bootstraps() {
        return StatsGoldens.of("bootstraps");
    }

    @ParameterizedTest
    @MethodSource("bootstraps")
    void bootstrapFollowsItsExactDistribution(JsonNode golden) {
        List<Outcome> outcomes = new ArrayList<>();
        for (JsonNode outcome : golden.get("outcomes")) {
            boolean correct = outcome.get(2).intValue() == 1;
            outcomes.add(new Outcome(outcome.get(0).asText(), outcome.get(1).asText(), correct));
        }
        int replicates = golden.get("replicates").intValue();
        MacroAverage average = MacroAverage.of(outcomes, replicates, 11);
        // The standard deviation of R draws from a bell-shaped distribution is off by 1 / sqrt(2 R) of itself.
        Percentage sixSigma = Percentage.withPercentage(600 / Math.sqrt(2.0 * replicates));
        assertThat(average.standardError()).isCloseTo(golden.get("se").doubleValue(), sixSigma);
        assertInside(average.interval().low(), golden.get("low"));
        assertInside(average.interval().high(), golden.get("high"));
    }

    /** The bracket holds six sigma; interpolation between equal atoms may round. */
    private static void assertInside(double value, JsonNode bracket) {
        double rounding = 1e-12;
        assertThat(value)
                .isBetween(bracket.get(0).doubleValue() - rounding, bracket.get(1).doubleValue() + rounding);
    }

    @Test
    void everySourceCountsTheSame() {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            outcomes.add(new Outcome("large", "l" + i, i < 6));
        }
        outcomes.add(new Outcome("small", "s", true));
        MacroAverage average = MacroAverage.of(outcomes, 100, 0);
        assertThat(average.accuracy()).containsExactly(Map.entry("large", 0.2), Map.entry("small", 1.0));
        assertThat(average.mean()).isCloseTo(0.6, within(1e-15));
    }

    @Test
    void aSeedRepeatsTheInterval() {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            outcomes.add(new Outcome("s" + i % 3, "q" + i, i % 7 < 3));
        }
        MacroAverage first = MacroAverage.of(outcomes, 500, 42);
        assertThat(MacroAverage.of(outcomes, 500, 42)).isEqualTo(first);
        assertThat(MacroAverage.of(outcomes, 500, 43).standardError()).isNotEqualTo(first.standardError());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> MacroAverage.of(outcomes, 1, 0))
                .withMessageContaining("got 1");
        assertThatIllegalArgumentException().isThrownBy(() -> MacroAverage.of(List.of(), 10, 0));
    }
}
