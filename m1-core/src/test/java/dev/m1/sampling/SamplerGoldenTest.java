package dev.m1.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Against what the logits processors of Hugging Face transformers leave (resource
 * {@code sampling/sampling_goldens.json}).
 */
class SamplerGoldenTest {
    static Stream<Arguments> goldens() throws IOException {
        try (InputStream in = SamplerGoldenTest.class.getResourceAsStream("/sampling/sampling_goldens.json")) {
            JsonNode cases = new ObjectMapper().readTree(in);
            return StreamSupport.stream(cases.spliterator(), false).map(c -> Arguments.of(c.get("name").asText(), c));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("goldens")
    void sameDistribution(String name, JsonNode golden) {
        Sampling sampling = Sampling.builder()
                .temperature(golden.get("temperature").asDouble(1))
                .topK(golden.get("top_k").asInt(0))
                .topP(golden.get("top_p").asDouble(1))
                .minP(golden.get("min_p").asDouble(0))
                .repetitionPenalty(golden.get("repetition_penalty").asDouble(1))
                .build();
        float[] logits = new float[golden.get("logits").size()];
        double largest = 0;
        for (int i = 0; i < logits.length; i++) {
            logits[i] = (float) golden.get("logits").get(i).asDouble();
            largest = Math.max(largest, Math.abs(logits[i]));
        }
        int[] history = StreamSupport.stream(golden.get("previous_ids").spliterator(), false)
                .mapToInt(JsonNode::asInt).toArray();
        double[] expected = new double[logits.length];
        golden.get("probs_nonzero").forEach(p -> expected[p.get(0).asInt()] = p.get(1).asDouble());

        double[] actual =
                new Sampler(logits.length).probabilities(logits, sampling, history, history.length, history.length);

        for (int i = 0; i < actual.length; i++) {
            assertThat(actual[i] > 0).as("%s keeps id %d", name, i).isEqualTo(expected[i] > 0);
            // transformers rounds to float32 after the penalty and after the temperature: each score is off by up to
            // 2 * 2^-24 of itself, and a probability by that for its own score and for the sum; ours by one unit of
            // 2^-40.
            double score = largest * sampling.repetitionPenalty() / sampling.temperature();
            double tolerance = expected[i] * 4 * score * 0x1p-24 + 0x1p-40;
            assertThat(actual[i]).as("%s, id %d", name, i).isCloseTo(expected[i], within(tolerance));
        }
    }
}
