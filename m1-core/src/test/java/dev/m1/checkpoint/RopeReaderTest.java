package dev.m1.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.errors.CheckpointException;
import dev.m1.spi.RopeFrequencies;
import dev.m1.spi.RopeScaling;
import dev.m1.spi.RopeSpec;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class RopeReaderTest {
    static Stream<Arguments> goldens() throws IOException {
        try (InputStream in = RopeReaderTest.class.getResourceAsStream("/rope/rope_goldens.json")) {
            return CheckpointFiles.JSON.readTree(in).get("cases").properties().stream()
                    .map(e -> Arguments.of(e.getKey(), e.getValue()));
        }
    }

    private static RopeReader.Rope read(String config) {
        try {
            ObjectNode node = (ObjectNode) CheckpointFiles.JSON.readTree(config);
            return RopeReader.read(new ConfigFields(Path.of("config.json"), node), 4096);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(config, e);
        }
    }

    /** Both spellings give what transformers makes of the parameters: the attention factor too. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("goldens")
    void equalsTransformers(String name, JsonNode golden) {
        ObjectNode old = CheckpointFiles.JSON.createObjectNode();
        old.set("rope_theta", golden.get("rope_theta"));
        old.set("rope_scaling", golden.get("rope_scaling"));
        if (golden.get("rope_scaling").isObject()) {
            ObjectNode scaling = ((ObjectNode) golden.get("rope_scaling")).deepCopy();
            scaling.set("type", scaling.remove("rope_type"));
            old.set("rope_scaling", scaling);
        }
        ObjectNode parameters = CheckpointFiles.JSON.createObjectNode();
        if (golden.get("rope_scaling").isObject()) {
            parameters.setAll((ObjectNode) golden.get("rope_scaling"));
        }
        parameters.set("rope_theta", golden.get("rope_theta"));
        ObjectNode current = CheckpointFiles.JSON.createObjectNode();
        current.set("rope_parameters", parameters);

        int positions = golden.get("max_position_embeddings").asInt();
        RopeSpec rope = RopeReader.read(new ConfigFields(Path.of("c"), old), positions).spec();
        assertThat(RopeReader.read(new ConfigFields(Path.of("c"), current), positions).spec()).isEqualTo(rope);

        // Both compute it in double, as 0.1 m ln(factor) + 1 and a quotient of two such: a few roundings.
        double factor = golden.get("attention_factor").asDouble();
        assertThat(RopeFrequencies.attentionFactor(rope)).isCloseTo(factor, within(factor * 4 * 0x1p-53));
        double[] inverse = RopeFrequencies.inverse(rope, golden.get("head_dim").asInt());
        for (int i = 0; i < inverse.length; i++) {
            double theirs = golden.get("inv_freq").get(i).asDouble();
            // That the right parameters arrive; RopeFrequenciesTest has the tight bound. float32 leaves at most
            // 40 * 2 * (ln(5e6) + 8) * 2^-24 = 1.2e-4 of the value at the largest factor here, 40.
            assertThat(inverse[i]).as("%s, pair %d", name, i).isCloseTo(theirs, within(1.2e-4 * theirs));
        }
    }

    private static RopeReader.Rope readScaling(String scaling) {
        return read("{\"rope_scaling\": " + scaling.replace('\'', '"') + "}");
    }

    @Test
    void contextLength() {
        // Qwen2.5's way to switch YaRN on keeps max_position_embeddings at the original length.
        String original = ", 'original_max_position_embeddings': ";
        assertThat(readScaling("{'type': 'yarn', 'factor': 4.0" + original + "4096}").contextLength()).isEqualTo(16384);
        assertThat(readScaling("{'type': 'yarn', 'factor': 2.0" + original + "2048}").contextLength()).isEqualTo(4096);
        assertThat(readScaling("{'type': 'linear', 'factor': 4.0}").contextLength()).isEqualTo(4096);
        assertThat(read("{}").contextLength()).isEqualTo(4096);
    }

    @Test
    void whatIsAbsentFollowsTransformers() {
        RopeScaling none = new RopeScaling.None();
        assertThat(read("{}").spec()).isEqualTo(new RopeSpec(10_000, none));
        assertThat(read("{\"rope_scaling\": {}, \"rope_theta\": 5e5}").spec()).isEqualTo(new RopeSpec(500_000, none));
        assertThat(read("{\"rope_theta\": 7, \"rope_parameters\": {\"rope_theta\": 9}}").spec().theta()).isEqualTo(9);
        assertThat(readScaling("{'type': 'default', 'rope_type': 'linear', 'factor': 2}").spec().scaling())
                .isEqualTo(new RopeScaling.Linear(2));
    }

    @Test
    void yarnsDefaults() {
        RopeScaling.Yarn yarn = yarn("{'type': 'yarn', 'factor': 2, 'beta_fast': null, 'beta_slow': 0}");
        assertThat(yarn.betaFast()).isEqualTo(32);
        assertThat(yarn.betaSlow()).isEqualTo(1);
        assertThat(yarn.originalContext()).isEqualTo(4096);
        assertThat(yarn.truncate()).isTrue();
        assertThat(yarn("{'type': 'yarn', 'factor': null, 'original_max_position_embeddings': 1024}").factor())
                .isEqualTo(4);
    }

    private static RopeScaling.Yarn yarn(String scaling) {
        return (RopeScaling.Yarn) readScaling(scaling).spec().scaling();
    }

    /** A {@code rope_scaling}, and the field and value that the message must name. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'type': 'dynamic', 'factor': 2}                            | rope_scaling.type       | dynamic
            {'rope_type': 'longrope'}                                   | rope_scaling.rope_type  | longrope
            {'type': 'mrope', 'mrope_section': [1]}                     | mrope_section           | [1]
            {'type': 'default', 'mrope_section': [16,24]}               | mrope_section           | [16,24]
            {'type': 3}                                                 | rope_scaling.type       | 3
            'yarn'                                                      | rope_scaling            | yarn
            {'type': 'linear'}                                          | rope_scaling.factor     | missing
            {'type': 'linear', 'factor': 0.5}                           | factor                  | 0.5
            {'type': 'linear', 'factor': '2'}                           | factor                  | "2"
            {'type': 'linear', 'factor': 1e999}                         | factor                  | Infinity
            {'type': 'linear', 'factor': 2, 'partial_rotary_factor': 0.5} | partial_rotary_factor | 0.5
            {'type': 'default', 'rope_theta': 1}                        | rope_scaling.rope_theta | 1
            {'full_attention': {'rope_type': 'default'}}                | full_attention          | default
            {'type': 'llama3', 'factor': 8, 'low_freq_factor': 1}       | high_freq_factor        | missing
            {'type': 'llama3', 'factor': 8, 'low_freq_factor': 4, 'high_freq_factor': 1} | high_freq_factor | is 1
            {'type': 'llama3', 'factor': 8, 'low_freq_factor': 0, 'high_freq_factor': 1} | low_freq_factor  | is 0
            {'type': 'yarn'}                                            | factor                  | missing
            {'type': 'yarn', 'factor': 1e9}                             | factor                  | 4.096E12
            {'type': 'yarn', 'factor': 2, 'original_max_position_embeddings': 0} | original_max_position | is 0
            {'type': 'yarn', 'factor': null, 'original_max_position_embeddings': 8192} | original_max    | 8192
            {'type': 'yarn', 'factor': 2, 'beta_fast': 1, 'beta_slow': 2} | beta_fast             | is 1
            {'type': 'yarn', 'factor': 2, 'beta_fast': -1}              | beta_fast               | -1
            {'type': 'yarn', 'factor': 2, 'attention_factor': 0}        | attention_factor        | is 0
            {'type': 'yarn', 'factor': 2, 'mscale': -1e300, 'mscale_all_dim': 1} | mscale         | -1.0E300
            {'type': 'yarn', 'factor': 2, 'truncate': 'no'}             | truncate                | no
            """)
    void refusesAndNamesFieldAndValue(String scaling, String field, String value) {
        assertThatThrownBy(() -> readScaling(scaling))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("config.json")
                .hasMessageContaining(field)
                .hasMessageContaining(value);
    }
}
