package dev.m1.bench.medical.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AgreementTest {
    static Stream<JsonNode> kappas() {
        return StatsGoldens.of("kappas");
    }

    @ParameterizedTest
    @MethodSource("kappas")
    void kappaIsStatsmodels(JsonNode golden) {
        JsonNode table = golden.get("table");
        FlipTable verdicts = new FlipTable(
                table.get(0).get(0).intValue(),
                table.get(0).get(1).intValue(),
                table.get(1).get(0).intValue(),
                table.get(1).get(1).intValue());
        assertThat(new Agreement(verdicts, 0, 0).kappa()).isCloseTo(golden.get("kappa").doubleValue(), within(1e-13));
    }

    @Test
    void rates() {
        Agreement agreement = new Agreement(new FlipTable(4, 2, 1, 3), 5, 3);
        assertThat(agreement.observed()).isEqualTo(0.7);
        assertThat(agreement.letterAgreement()).isEqualTo(0.5);
        assertThat(agreement.parseFailureRate()).isEqualTo(0.3);
        assertThat(new Agreement(new FlipTable(9, 0, 0, 0), 9, 0).kappa()).isNaN();
    }
}
