package dev.m1.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class InfoCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void describesTheMachine() throws IOException {
        CliRun run = CliRun.of("info", "--json");
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode info = JSON.readTree(run.out());
        assertThat(info.get("java").asText()).contains(Runtime.version().toString());
        assertThat(info.get("backends").get("cpu").get("available").asBoolean()).isTrue();
        assertThat(info.get("backends").get("cuda").get("detail").asText()).isNotBlank();
    }

    @Test
    void describesAModel() throws IOException {
        CliRun run = CliRun.of(
                "info", "--json", "--model", CliRun.fixture("tiny-qwen2").toString(), "--context", "64");
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode info = JSON.readTree(run.out());
        assertThat(info.get("architecture").asText()).isEqualTo("Qwen2ForCausalLM");
        assertThat(info.get("shape").get("layers").asInt()).isEqualTo(3);
        assertThat(info.get("shape").get("kvHeads").asInt()).isEqualTo(2);
        assertThat(info.get("eosIds")).extracting(JsonNode::asInt).contains(1902);
        assertThat(info.get("backend").asText()).isEqualTo("cpu");
        assertThat(info.get("contextTokens").asInt()).isEqualTo(64);
        assertThat(info.get("memory").get("weightBytes").asLong()).isPositive();
    }

    @Test
    void saysItInLinesForPeople() {
        CliRun run = CliRun.of("info", "--model", CliRun.fixture("tiny-qwen2").toString());
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).contains("architecture        Qwen2ForCausalLM\n").contains("  layers            3\n");
        assertThat(run.out()).containsPattern("  weightBytes       [0-9.]+ [KM]iB\n");
    }

    @Test
    void bytesHaveTheUnitThatFits() {
        assertThat(Outline.bytes(0)).isEqualTo("0 B");
        assertThat(Outline.bytes(1023)).isEqualTo("1023 B");
        assertThat(Outline.bytes(1536)).isEqualTo("1.5 KiB");
        assertThat(Outline.bytes(15_231_233_024L)).isEqualTo("14.2 GiB");
    }
}
