package dev.m1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.m1.errors.BackendException;
import dev.m1.errors.CapacityException;
import dev.m1.errors.CheckpointException;
import dev.m1.errors.ModelClosedException;
import dev.m1.sampling.Sampling;
import dev.m1.testing.Fixtures;
import dev.m1.testing.SharedData;
import dev.m1.thinking.FinishReason;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Opening, generating and failing through the public API, against what HF transformers generated. */
@Timeout(120)
class LanguageModelTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static int[] ids(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-qwen2", "tiny-qwen2-bf16", "tiny-qwen3", "tiny-llama3"})
    void generatesTheGoldenIds(String name) throws Exception {
        Path dir = Fixtures.model(name);
        JsonNode cases =
                JSON.readTree(Files.readString(dir.resolve("golden.json"))).get("cases");
        try (LanguageModel model = LanguageModel.open(dir)) {
            for (String c : (Iterable<String>) cases::fieldNames) {
                int[] prompt = ids(cases.get(c).get("input_ids"));
                Generation g =
                        model.generate(prompt, GenerationOptions.greedy(48).withIgnoreEos(true));
                assertThat(g.tokenIds()).as(c).isEqualTo(ids(cases.get(c).get("greedy_ids_48")));
                assertThat(g.text())
                        .as(c)
                        .isEqualTo(cases.get(c).get("greedy_text").asText());
                assertThat(g.finishReason()).isEqualTo(FinishReason.LENGTH);
                assertThat(g.usage().fedTokens() + g.usage().reusedTokens()).isEqualTo(prompt.length + 47);
                float[] logits = model.nextTokenLogits(prompt);
                for (JsonNode top : cases.get(c).get("last_top5")) {
                    // f32 against f64: the bound of the golden logits
                    assertThat((double) logits[top.get(0).intValue()])
                            .isCloseTo(top.get(1).doubleValue(), within(1e-4));
                }
            }
        }
    }

    @Test
    void tellsTheStoryOfTheTrainedCheckpoint() throws Exception {
        Path dir = SharedData.require("data/models/stories260K");
        JsonNode golden = JSON.readTree(Files.readString(dir.resolve("golden.json")));
        try (LanguageModel model = LanguageModel.open(dir.resolve("hf"))) {
            int[] all = ids(golden.get("bos_only_greedy_200"));
            Generation g = model.generate(new int[] {all[0]}, GenerationOptions.greedy(all.length - 1));
            int[] expected = Arrays.copyOfRange(all, 1, all.length);
            assertThat(g.tokenIds()).isEqualTo(expected);
            assertThat(model.tokenizer().decode(all, true))
                    .isEqualTo(golden.get("text").asText());
        }
    }

    @Test
    void stopsAtEosAndLeavesItOut(@TempDir Path dir) throws Exception {
        Path original = Fixtures.model("tiny-qwen2");
        int[] greedy = ids(
                JSON.readTree(Files.readString(original.resolve("golden.json"))).at("/cases/short/greedy_ids_48"));
        int[] prompt = {7, 300, 11, 12, 301, 302, 45, 200, 9, 1000, 17};
        int eos = greedy[6]; // 655, for the first time
        try (DirectoryStream<Path> files = Files.newDirectoryStream(original)) {
            for (Path file : files) {
                Files.copy(file, dir.resolve(file.getFileName()));
            }
        }
        Files.writeString(dir.resolve("generation_config.json"), "{\"eos_token_id\": [1902, " + eos + "]}");
        try (LanguageModel model = LanguageModel.open(dir)) {
            assertThat(model.eosIds()).contains(1902, eos);
            Generation g = model.generate(prompt, GenerationOptions.greedy(48));
            assertThat(g.tokenIds()).isEqualTo(Arrays.copyOf(greedy, 6)).doesNotContain(eos);
            assertThat(g.finishReason()).isEqualTo(FinishReason.STOP);
            assertThat(g.usage().unfedTokens()).isZero();
            assertThat(g.usage().fedTokens() + g.usage().reusedTokens()).isEqualTo(prompt.length + 6);
            Generation on = model.generate(prompt, GenerationOptions.greedy(48).withIgnoreEos(true));
            assertThat(on.tokenIds()).isEqualTo(greedy);
        }
    }

    @Test
    void sampledGenerationRepeatsWithItsSeed() {
        try (LanguageModel model = LanguageModel.open(Fixtures.model("tiny-qwen2"))) {
            Sampling s = Sampling.builder().temperature(1).topP(0.9).seed(11).build();
            GenerationOptions o = GenerationOptions.greedy(20).withSampling(s).withIgnoreEos(true);
            int[] first = model.generate(new int[] {5, 6}, o).tokenIds();
            assertThat(model.generate(new int[] {5, 6}, o).tokenIds()).isEqualTo(first);
            Sampling other =
                    Sampling.builder().temperature(1).topP(0.9).seed(12).build();
            assertThat(model.generate(new int[] {5, 6}, o.withSampling(other)).tokenIds())
                    .isNotEqualTo(first);
        }
    }

    @Test
    void badPromptsAreRefusedWithTheNumbers() {
        try (LanguageModel model = LanguageModel.open(
                Fixtures.model("tiny-qwen2"),
                ModelOptions.builder().contextTokens(32).build())) {
            assertThatThrownBy(() -> model.generate(new int[0], GenerationOptions.greedy(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("empty");
            assertThatThrownBy(() -> model.generate(new int[] {3, -4}, GenerationOptions.greedy(1)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("-4")
                    .hasMessageContaining("1983");
            assertThatThrownBy(() -> model.nextTokenLogits(new int[] {1984}))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("1984");
            assertThatThrownBy(() -> model.generate(new int[30], GenerationOptions.greedy(3)))
                    .isInstanceOf(CapacityException.class)
                    .hasMessageContaining("30")
                    .hasMessageContaining("32");
            assertThatThrownBy(() -> model.nextTokenLogits(new int[33]))
                    .isInstanceOf(CapacityException.class)
                    .hasMessageContaining("33")
                    .hasMessageContaining("32");
            // nothing was lost
            assertThat(model.generate(new int[29], GenerationOptions.greedy(3))
                            .usage()
                            .promptTokens())
                    .isEqualTo(29);
        }
        assertThatThrownBy(() -> GenerationOptions.greedy(0)).hasMessageContaining("0");
    }

    @Test
    void badOptionsAreRefused(@TempDir Path empty) {
        Path dir = Fixtures.model("tiny-qwen2");
        assertThatThrownBy(() -> LanguageModel.open(
                        dir, ModelOptions.builder().contextTokens(5000).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("5000")
                .hasMessageContaining("1024");
        assertThatThrownBy(() -> ModelOptions.builder().maxSequences(0).build()).hasMessageContaining("maxSequences");
        assertThatThrownBy(() -> ModelOptions.builder().threads(-1).build()).hasMessageContaining("-1");
        assertThatThrownBy(() -> LanguageModel.open(
                        dir, ModelOptions.builder().backend("tpu").build()))
                .isInstanceOf(BackendException.class)
                .hasMessageContaining("tpu")
                .hasMessageContaining("cpu");
        assertThatThrownBy(() -> LanguageModel.open(empty)).isInstanceOf(CheckpointException.class);
        assertThatThrownBy(() -> LanguageModel.open(empty.resolve("nowhere")))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("nowhere");
    }

    @Test
    void infoSaysWhatRunsWhereAndWhy() {
        try (LanguageModel model = LanguageModel.open(Fixtures.model("tiny-qwen2"))) {
            ModelInfo info = model.info();
            assertThat(info.spec().architecture()).isEqualTo("Qwen2ForCausalLM");
            assertThat(info.backend()).isEqualTo("cpu");
            assertThat(info.backendReason()).isNotBlank();
            assertThat(info.contextTokens()).isEqualTo(1024);
            assertThat(info.protocol()).isEqualTo("M1");
            assertThat(info.memory().weightBytes()).isPositive();
            // K and V of 3 layers, 2 heads of 16, f32, 1024 tokens
            assertThat(info.memory().kvBytes()).isEqualTo(2L * 3 * 2 * 16 * 4 * 1024);
        }
    }

    @Test
    void closingTwiceIsFineAndUseAfterwardsSaysSo() {
        LanguageModel model = LanguageModel.open(Fixtures.model("tiny-qwen2"));
        model.close();
        model.close();
        assertThatThrownBy(() -> model.generate(new int[] {1}, GenerationOptions.greedy(1)))
                .isInstanceOf(ModelClosedException.class);
    }

    @Test
    void aFailedOpenFreesWhatItHad() {
        CountingDecoder[] decoder = new CountingDecoder[1];
        try (LanguageModel model = LanguageModel.open(
                Fixtures.model("tiny-qwen2"), ModelOptions.defaults(), d -> decoder[0] = new CountingDecoder(d))) {
            assertThat(decoder[0].closed).isFalse();
            assertThat(model.info().backend()).isEqualTo("cpu");
        }
        assertThat(decoder[0].closed).isTrue();
    }
}
