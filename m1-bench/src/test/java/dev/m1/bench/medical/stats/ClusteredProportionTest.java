package dev.m1.bench.medical.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClusteredProportionTest {
    static Stream<JsonNode> clustered() {
        return StatsGoldens.of("clustered");
    }

    @ParameterizedTest
    @MethodSource("clustered")
    void standardErrorIsStatsmodels(JsonNode golden) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < golden.get("right").size(); i++) {
            outcomes.add(new Outcome(
                    "s", golden.get("cluster").get(i).asText(), golden.get("right").get(i).intValue() == 1));
        }
        ClusteredProportion p = ClusteredProportion.of(outcomes);
        // Sums of at most some hundred terms of size 1, in another order.
        assertThat(p.standardError()).isCloseTo(golden.get("se").doubleValue(), within(1e-12));
        // Wilson's interval widens as the effective sample shrinks; never narrower than that of independent questions.
        Interval independent = Wilson.interval(p.right(), p.n());
        assertThat(p.interval().low()).isLessThanOrEqualTo(independent.low());
        assertThat(p.interval().high()).isGreaterThanOrEqualTo(independent.high());
    }

    @Test
    void withoutClustersItIsTheOrdinaryInterval() {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            outcomes.add(new Outcome("s", "q" + i, i < 27));
        }
        ClusteredProportion p = ClusteredProportion.of(outcomes);
        // 40/39: the small-sample factor of the estimate.
        assertThat(p.designEffect()).isCloseTo(40.0 / 39, within(1e-12));
        assertThat(p.interval()).isEqualTo(Wilson.interval(27 / 40.0, 40 / p.designEffect(), 0.95));
        assertThat(p.accuracy()).isEqualTo(27 / 40.0);
    }

    @Test
    void copiesOfAQuestionCountOnce() {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            outcomes.add(new Outcome("s", "q" + i / 5, true));
        }
        assertThat(ClusteredProportion.of(outcomes).interval()).isEqualTo(Wilson.interval(20, 20));
        assertThat(ClusteredProportion.of(outcomes.subList(0, 5)).interval()).isEqualTo(Wilson.interval(1, 1));
        assertThatIllegalArgumentException().isThrownBy(() -> ClusteredProportion.of(List.of()));
    }
}
