package dev.m1.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The black-box door against what HF transformers generated from the same checkpoints. */
class GenerateCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TINY = CliRun.fixture("tiny-qwen2").toString();

    @ParameterizedTest
    @CsvSource({
        "tiny-qwen2,stored,golden.json",
        "tiny-qwen2-bf16,stored,golden.json",
        "tiny-qwen3,stored,golden.json",
        "tiny-llama3,stored,golden.json",
        "tiny-qwen2-bf16,q8,golden-q8.json",
        "tiny-qwen3,Q8,golden-q8.json"
    })
    void continuesIdsAsTransformersDoes(String model, String weights, String goldens) throws IOException {
        JsonNode cases =
                JSON.readTree(CliRun.fixture(model).resolve(goldens).toFile()).get("cases");
        for (Map.Entry<String, JsonNode> golden : cases.properties()) {
            JsonNode expected = golden.getValue();
            CliRun run = CliRun.of(
                    "generate",
                    "--model",
                    CliRun.fixture(model).toString(),
                    "--ids",
                    join(expected.get("input_ids")),
                    "--max-new-tokens",
                    "48",
                    "--ignore-eos",
                    "--weights",
                    weights,
                    "--json");
            assertThat(run.status()).as(run.err()).isZero();
            JsonNode result = JSON.readTree(run.out());
            assertThat(result.fieldNames()).toIterable().containsExactly("ids", "text", "finishReason");
            assertThat(result.get("ids")).as(golden.getKey()).isEqualTo(expected.get("greedy_ids_48"));
            assertThat(result.get("finishReason").asText()).isEqualTo("length");
            assertThat(run.out()).endsWith("}\n");
            assertThat(run.err()).isEmpty();
        }
    }

    @Test
    void anIdOutsideTheVocabularyIsNamed() {
        CliRun run = CliRun.of("generate", "--model", TINY, "--ids", "1,99999", "--json");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err().lines())
                .singleElement()
                .asString()
                .contains("99999")
                .contains("1983");
    }

    @Test
    void moreTokensThanTheContextHoldsAreRefusedWithBothNumbers() {
        CliRun run =
                CliRun.of("generate", "--model", TINY, "--ids", "1,2", "--context", "64", "--max-new-tokens", "100");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err().lines()).singleElement().asString().contains("100").contains("64");
    }

    @Test
    void textIsContinuedAsText() {
        CliRun run = CliRun.of("generate", "--model", TINY, "--prompt", "The patient", "--max-new-tokens", "5");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out()).isNotBlank();
        assertThat(run.err()).contains("5 tokens (length)");
    }

    private static String join(JsonNode ids) {
        return StreamSupport.stream(ids.spliterator(), false)
                .map(JsonNode::asText)
                .collect(Collectors.joining(","));
    }
}
