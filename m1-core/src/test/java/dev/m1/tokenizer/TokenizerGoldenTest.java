package dev.m1.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.m1.testing.Fixtures;
import dev.m1.testing.SharedData;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The same ids and texts as HF tokenizers. */
class TokenizerGoldenTest {
    @Test
    void tinyQwen2AgreesOnAdversarialTexts() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(Fixtures.model("tiny-qwen2"));
        List<JsonNode> lines = Goldens.lines("goldens-tiny-qwen2.jsonl");
        assertThat(lines).hasSizeGreaterThan(900);
        lines.forEach(line -> Goldens.check(tokenizer, line));
    }

    @TestFactory
    Stream<DynamicTest> everyKindOfTokenizerAgrees(@TempDir Path folder) throws IOException {
        JsonNode all = Goldens.variants();
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode variant : all.get("variants")) {
            Tokenizer tokenizer = Tokenizer.load(Goldens.write(all, variant, folder));
            tests.add(DynamicTest.dynamicTest(variant.get("name").asText(),
                    () -> variant.get("lines").forEach(line -> Goldens.check(tokenizer, line))));
        }
        assertThat(tests).hasSizeGreaterThan(35);
        return tests.stream();
    }

    @ParameterizedTest
    @CsvSource({
        "qwen2.5, data/tokenizers/qwen2.5-7b-instruct", "qwen3, data/tokenizers/qwen3-4b",
                "llama3, data/tokenizers/llama3.2-3b",
        "gpt2, data/tokenizers/gpt2", "stories260K, data/models/stories260K/hf"
    })
    void publishedTokenizersAgree(String name, String folder) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(SharedData.require(folder));
        Path goldens = SharedData.require("data/goldens/tokenizer_goldens.jsonl.gz");
        boolean composes = name.startsWith("qwen"); // its normalizer is NFC
        int records = 0;
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(Files.newInputStream(goldens)), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine(), records++) {
                JsonNode record = Goldens.JSON.readTree(line);
                String text = record.get("text").asText();
                int[] ids = Goldens.ids(record.get("ids").get(name));
                assertThat(tokenizer.encode(text)).as("ids of %s", record.get("text")).isEqualTo(ids);
                String same = composes ? Normalizer.normalize(text, Form.NFC) : text;
                assertThat(tokenizer.decode(ids)).isEqualTo(same);
                assertThat(Goldens.streamed(tokenizer, ids)).isEqualTo(same);
            }
        }
        assertThat(records).isEqualTo(139);
    }
}
