package dev.m1.bench.synthetic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.GenerationOptions;
import dev.m1.LanguageModel;
import dev.m1.chat.Message;
import dev.m1.checkpoint.Checkpoint;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightTensor;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyntheticCheckpointTest {
    @TempDir
    static Path folder;

    private static Path tiny;

    @BeforeAll
    static void draw() throws IOException {
        tiny = folder.resolve("tiny");
        SyntheticCheckpoint.write(SyntheticShape.TINY, tiny, 7);
    }

    /** As counted by the authors: Qwen2.5 technical report and model cards (0.49B, 1.54B, 7.61B), Llama 3.2 (1.24B). */
    @ParameterizedTest
    @CsvSource({"0.5b, 494032768", "1.5b, 1543714304", "7b, 7615616512", "llama-1b, 1235814400"})
    void hasThePublishedNumberOfWeights(String label, long parameters) {
        assertThat(SyntheticTensor.of(SyntheticShape.of(label)).stream()
                        .mapToLong(SyntheticTensor::elements)
                        .sum())
                .isEqualTo(parameters);
    }

    @Test
    void anUnknownShapeIsNamed() {
        assertThatThrownBy(() -> SyntheticShape.of("70b"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'70b'")
                .hasMessageContaining("0.5b");
    }

    @Test
    void opensAndGenerates() {
        try (LanguageModel model = LanguageModel.open(tiny)) {
            int[] prompt = model.tokenizer()
                    .encode(model.chatTemplate().render(List.of(Message.user("What causes scurvy?")), true));
            int[] ids = model.generate(prompt, GenerationOptions.greedy(5).withIgnoreEos(true))
                    .tokenIds();
            assertThat(ids).hasSize(5);
            assertThat(model.info().spec().qkvBias()).isTrue();
        }
    }

    @Test
    void theTokenizerTakesEveryText() {
        try (LanguageModel model = LanguageModel.open(tiny)) {
            String text = "the patient presents with fever, naïve – 37.5 °C\n\n\u0000 日本 <|im_start|>user";
            int[] ids = model.tokenizer().encode(text);
            assertThat(model.tokenizer().decode(ids)).isEqualTo(text);
            assertThat(model.tokenizer().encode("the patient presents")).hasSize(3); // words of its list
            assertThat(model.tokenizer().encode("<|im_start|>")).hasSize(1);
        }
    }

    @Test
    void theSameSeedGivesTheSameBytesAndAnotherOneOthers() throws IOException {
        Path again = folder.resolve("again");
        Path other = folder.resolve("other");
        SyntheticCheckpoint.write(SyntheticShape.TINY, again, 7);
        SyntheticCheckpoint.write(SyntheticShape.TINY, other, 8);
        for (String file : List.of("model.safetensors", "config.json", "tokenizer.json", "tokenizer_config.json")) {
            assertThat(Files.mismatch(tiny.resolve(file), again.resolve(file)))
                    .as(file)
                    .isEqualTo(-1);
        }
        assertThat(Files.mismatch(tiny.resolve("model.safetensors"), other.resolve("model.safetensors")))
                .isPositive();
    }

    /**
     * n draws of a normal distribution: their mean has a standard error of s / sqrt(n), their deviation one of s /
     * sqrt(2 n). Five of them are passed by chance once in two million.
     */
    @Test
    void theWeightsHaveTheirMeanAndDeviation() {
        try (Checkpoint checkpoint = Checkpoint.open(tiny)) {
            assertMoments(checkpoint.weights().tensor(TensorRole.EMBEDDING, 0), 0, 0.02);
            assertMoments(checkpoint.weights().tensor(TensorRole.OUTPUT_NORM, 0), 1, 0.1);
            assertMoments(checkpoint.weights().tensor(TensorRole.Q_BIAS, 1), 0, 0.2);
        }
    }

    private static void assertMoments(WeightTensor tensor, double mean, double deviation) {
        long n = tensor.elements();
        double sum = 0;
        double squares = 0;
        for (long i = 0; i < n; i++) {
            short bits = tensor.data().get(ValueLayout.JAVA_SHORT_UNALIGNED, 2 * i);
            double d = Float.intBitsToFloat(bits << 16) - mean;
            sum += d;
            squares += d * d;
        }
        assertThat(Math.abs(sum / n)).as(tensor.name()).isLessThan(5 * deviation / Math.sqrt(n));
        double measured = Math.sqrt(squares / n);
        assertThat(Math.abs(measured - deviation)).as(tensor.name()).isLessThan(5 * deviation / Math.sqrt(2 * n));
    }

    @Test
    void aSyntheticModelIsDrawnOnceIntoTheCache() throws IOException {
        Path cache = folder.resolve("cache");
        Path first = ModelSource.resolve("synthetic:tiny", cache);
        var time = Files.getLastModifiedTime(first.resolve("model.safetensors"));
        assertThat(ModelSource.resolve("synthetic:tiny", cache)).isEqualTo(first);
        assertThat(Files.getLastModifiedTime(first.resolve("model.safetensors")))
                .isEqualTo(time);
        try (var files = Files.list(cache)) {
            assertThat(files).containsExactly(first);
        }
    }

    @Test
    void aModelThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> ModelSource.resolve("no such model", folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'no such model'")
                .hasMessageContaining("synthetic:");
    }
}
