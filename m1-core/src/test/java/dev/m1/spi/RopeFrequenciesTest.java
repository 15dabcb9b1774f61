package dev.m1.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Against the frequencies of Hugging Face transformers (resources {@code rope/make_rope_goldens.py}). */
class RopeFrequenciesTest {
    static Stream<Arguments> goldens() throws IOException {
        try (InputStream in = RopeFrequenciesTest.class.getResourceAsStream("/rope/rope_goldens.json")) {
            return new ObjectMapper()
                    .readTree(in).get("cases").properties().stream().map(e -> Arguments.of(e.getKey(), e.getValue()));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goldens")
    void equalsTransformersWithinFloat32(String name, JsonNode golden) {
        RopeSpec rope = new RopeSpec(golden.get("rope_theta").asDouble(), scaling(golden));
        int headDim = golden.get("head_dim").asInt();
        double[] ours = RopeFrequencies.inverse(rope, headDim);
        JsonNode theirs = golden.get("inv_freq");
        assertThat(ours).hasSize(theirs.size());
        for (int i = 0; i < ours.length; i++) {
            // float32, u = 2^-24: the exponent 2i/headDim carries 1u, which the power turns into ln(theta) u; the power
            // itself, its reciprocal and the division by the factor 6u. With a ramp the share of each side carries
            // (ln(theta) + 8) u once more, and moves the result by that share of the unscaled frequency.
            double u = 0x1p-24;
            double steps = Math.log(rope.theta()) + 8;
            double unscaled = Math.pow(rope.theta(), -2.0 * i / headDim);
            boolean ramp = rope.scaling() instanceof RopeScaling.Llama3 || rope.scaling() instanceof RopeScaling.Yarn;
            double tolerance = u * steps * (ramp ? 2 * unscaled : ours[i]);
            assertThat(ours[i]).as("%s, pair %d", name, i).isCloseTo(theirs.get(i).asDouble(), within(tolerance));
        }
        assertThat(RopeFrequencies.attentionFactor(rope)).isEqualTo(golden.get("attention_factor").asDouble());
    }

    private static RopeScaling scaling(JsonNode golden) {
        JsonNode s = golden.get("rope_scaling");
        double factor = s.path("factor").asDouble();
        int original = s.path("original_max_position_embeddings").asInt();
        return switch (s.path("rope_type").asText("default")) {
            case "default" -> new RopeScaling.None();
            case "linear" -> new RopeScaling.Linear(factor);
            case "llama3" -> new RopeScaling.Llama3(
                    factor, s.get("low_freq_factor").asDouble(), s.get("high_freq_factor").asDouble(), original);
            case "yarn" -> new RopeScaling.Yarn(
                    factor,
                    original,
                    s.path("beta_fast").asDouble(32),
                    s.path("beta_slow").asDouble(1),
                    golden.get("attention_factor").asDouble(),
                    s.path("truncate").asBoolean(true));
            default -> throw new AssertionError(s);
        };
    }

    @Test
    void theFirstPairTurnsOneRadianPerPosition() {
        double[] inverse = RopeFrequencies.inverse(new RopeSpec(10000, new RopeScaling.None()), 8);
        assertThat(inverse[0]).isEqualTo(1);
        assertThat(inverse).hasSize(4);
    }

    @Test
    void linearScalingStretchesPositions() {
        double[] plain = RopeFrequencies.inverse(new RopeSpec(10000, new RopeScaling.None()), 64);
        double[] scaled = RopeFrequencies.inverse(new RopeSpec(10000, new RopeScaling.Linear(4)), 64);
        for (int i = 0; i < plain.length; i++) {
            assertThat(scaled[i]).isEqualTo(plain[i] / 4);
        }
    }

    @Test
    void oddOrEmptyHeadsAreRefused() {
        RopeSpec rope = new RopeSpec(10000, new RopeScaling.None());
        assertThatThrownBy(() -> RopeFrequencies.inverse(rope, 7))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("7");
        assertThatThrownBy(() -> RopeFrequencies.inverse(rope, 0)).isInstanceOf(IllegalArgumentException.class);
    }
}
