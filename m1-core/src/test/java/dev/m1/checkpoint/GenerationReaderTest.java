package dev.m1.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.errors.CheckpointException;
import dev.m1.sampling.Sampling;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GenerationReaderTest {
    private static GenerationConfig read(String config, String generation) {
        return GenerationReader.read(fields("config.json", config), fields("generation_config.json", generation));
    }

    private static ConfigFields fields(String file, String json) {
        try {
            return new ConfigFields(Path.of(file), (ObjectNode) CheckpointFiles.JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(json, e);
        }
    }

    @Test
    void qwen25() {
        GenerationConfig read = read(
                "{\"bos_token_id\": 151643, \"eos_token_id\": 151645}",
                "{\"bos_token_id\": 151643, \"pad_token_id\": 151643, \"do_sample\": true,"
                        + "\"eos_token_id\": [151645, 151643], \"repetition_penalty\": 1.05,"
                        + "\"temperature\": 0.7, \"top_p\": 0.8, \"top_k\": 20}");
        assertThat(read.eosIds()).containsExactly(151645, 151643);
        assertThat(read.bosId()).hasValue(151643);
        assertThat(read.padId()).hasValue(151643);
        assertThat(read.sampling(3)).isEqualTo(Sampling.builder()
                .temperature(0.7).topP(0.8).topK(20).repetitionPenalty(1.05).seed(3).build());
    }

    @Test
    void endsOfBothFilesCount() {
        assertThat(read("{\"eos_token_id\": [3, 4]}", "{\"eos_token_id\": 5}").eosIds()).containsExactly(5, 3, 4);
        assertThat(read("{\"eos_token_id\": 3}", "{}").eosIds()).containsExactly(3);
        assertThat(read("{\"eos_token_id\": null}", "{}").eosIds()).isEmpty();
    }

    @Test
    void nothingNamedMeansGreedyWithoutPenalty() {
        GenerationConfig read = read("{}", "{}");
        assertThat(read.sampling(0)).isEqualTo(Sampling.greedy());
        assertThat(read.bosId()).isEmpty();
        assertThat(read.padId()).isEmpty();
    }

    @Test
    void withoutSamplingThePenaltyStays() {
        GenerationConfig read = read("{}", "{\"do_sample\": false, \"temperature\": 0.5, \"repetition_penalty\": 1.1}");
        assertThat(read.sampling(0)).isEqualTo(Sampling.builder().repetitionPenalty(1.1).build());
    }

    @Test
    void negativePaddingOfOldLlamasMeansNone() {
        assertThat(read("{\"pad_token_id\": -1, \"bos_token_id\": 1}", "{}").padId()).isEmpty();
        assertThat(read("{\"bos_token_id\": 1}", "{\"bos_token_id\": null}").bosId()).hasValue(1);
    }

    @Test
    void theIdsCannotBeChangedFromOutside() {
        GenerationConfig read = read("{\"eos_token_id\": 3}", "{}");
        read.eosIds()[0] = 9;
        assertThat(read.eosIds()).containsExactly(3);
        GenerationConfig same = read("{\"eos_token_id\": [3]}", "{}");
        assertThat(read).isEqualTo(same).hasSameHashCodeAs(same);
        assertThat(read).isNotEqualTo(read("{\"eos_token_id\": 4}", "{}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"temperature": -1}        | temperature        | -1
            {"temperature": "hot"}     | temperature        | hot
            {"top_k": -1}              | top_k              | -1
            {"top_k": 0.5}             | top_k              | 0.5
            {"top_p": 0}               | top_p              | 0
            {"top_p": 1.1}             | top_p              | 1.1
            {"min_p": 2}               | min_p              | 2
            {"repetition_penalty": 0}  | repetition_penalty | 0
            {"do_sample": 1}           | do_sample          | 1
            """)
    void refusesAndNamesFieldAndValue(String generation, String field, String value) {
        assertThatThrownBy(() -> read("{}", generation))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("generation_config.json")
                .hasMessageContaining(field)
                .hasMessageContaining(value);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "1.5", "\"</s>\"", "[1, \"2\"]", "[[1]]", "{}", "99999999999"})
    void wrongEndIds(String value) {
        assertThatThrownBy(() -> read("{\"eos_token_id\": " + value + "}", "{}"))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("config.json: eos_token_id");
    }
}
