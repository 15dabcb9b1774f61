package dev.m1.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.m1.Generation;
import dev.m1.GenerationOptions;
import dev.m1.LanguageModel;
import dev.m1.ModelOptions;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.StreamSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Trained weights: the demo checkpoints write what transformers writes, ids and text, for 20 exam questions each
 * ({@code examples/demo-checkpoints/make_goldens.py}).
 */
class DemoGoldenTest {
    private static final Path CHECKPOINTS = Path.of("demo-checkpoints");

    /** Logits of the two implementations differ by rounding only, some 1e-5: below this a tie may break either way. */
    private static final double CLEAR_MARGIN = 1e-3;

    @ParameterizedTest
    @ValueSource(strings = {"m1-demo-1k", "m1-demo-23k"})
    void greedyIdsAndTextAreThoseOfTransformers(String name) throws Exception {
        Path folder = CHECKPOINTS.resolve(name);
        JsonNode golden =
                JsonMapper.builder().build().readTree(folder.resolve("golden.json").toFile());
        ModelOptions options = ModelOptions.builder().backend("cpu").build();
        try (LanguageModel model = LanguageModel.open(folder, options)) {
            assertThat(golden.get("cases")).hasSize(20);
            for (JsonNode c : golden.get("cases")) {
                assertThat(c.get("margin").asDouble()).as("smallest margin").isGreaterThan(CLEAR_MARGIN);
                int[] prompt = ids(c.get("prompt_ids"));
                assertThat(model.tokenizer().encode(c.get("prompt").asText())).isEqualTo(prompt);

                Generation out = model.generate(
                        prompt, GenerationOptions.greedy(golden.get("max_new_tokens").asInt()));

                int[] expected = ids(c.get("ids")); // ends with <|im_end|> unless it was cut
                boolean ended = expected[expected.length - 1] == model.tokenizer().tokenId("<|im_end|>");
                int[] content = ended ? Arrays.copyOf(expected, expected.length - 1) : expected;
                assertThat(out.tokenIds()).isEqualTo(content);
                assertThat(model.tokenizer().decode(expected)).isEqualTo(c.get("text").asText());
            }
        }
    }

    private static int[] ids(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::asInt)
                .toArray();
    }
}
