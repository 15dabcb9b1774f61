package dev.m1.bench.medical.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokenSummaryTest {
    static Stream<JsonNode> quantiles() {
        return StatsGoldens.of("quantiles");
    }

    @ParameterizedTest
    @MethodSource("quantiles")
    void quartilesAreNumpys(JsonNode golden) {
        int[] tokens = Arrays.stream(StatsGoldens.doubles(golden.get("tokens"))).mapToInt(t -> (int) t).toArray();
        TokenSummary summary = TokenSummary.of(tokens, new boolean[tokens.length]);
        double[] ours = {
            summary.min(), summary.lowerQuartile(), summary.median(), summary.upperQuartile(), summary.max()
        };
        // Lengths below 2^14, one interpolation: a few units of 2^-39.
        assertThat(ours).containsExactly(StatsGoldens.doubles(golden.get("quartiles")), within(1e-11));
        assertThat(summary.mean()).isCloseTo(golden.get("mean").doubleValue(), within(1e-11));
    }

    @Test
    void shareOfCutThinking() {
        TokenSummary summary = TokenSummary.of(new int[] {100, 512, 512, 30}, new boolean[] {false, true, true, false});
        assertThat(summary.cut()).isEqualTo(2);
        assertThat(summary.shareCut()).isEqualTo(0.5);
        assertThatIllegalArgumentException().isThrownBy(() -> TokenSummary.of(new int[0], new boolean[0]));
        assertThatIllegalArgumentException().isThrownBy(() -> TokenSummary.of(new int[1], new boolean[2]));
    }
}
