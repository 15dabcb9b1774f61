package dev.m1.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.m1.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Large and hostile texts take time in proportion; threads share a tokenizer. */
class TokenizerScaleTest {
    private static final int LENGTH = 1_000_000; // UTF-16 units
    private static final int SHORT = 100_000; // still hours if quadratic in a slow step
    // linear work takes well under a second; quadratic takes hours
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final List<String> KINDS = List.of("llama2", "metaspace-always", "gpt2", "llama3-merged", "llama3",
            "sp-added", "nfkc",
            "deepseek", "o200k", "byte-normalizer", "lowercase-added");
    private static final Map<String, Tokenizer> TOKENIZERS = new HashMap<>();

    private static Tokenizer tinyQwen2;

    @BeforeAll
    static void load(@TempDir Path folder) throws IOException {
        tinyQwen2 = Tokenizer.load(Fixtures.model("tiny-qwen2"));
        var all = Goldens.variants();
        for (var variant : all.get("variants")) {
            if (KINDS.contains(variant.get("name").asText())) {
                TOKENIZERS.put(variant.get("name").asText(), Tokenizer.load(Goldens.write(all, variant, folder)));
            }
        }
        assertThat(TOKENIZERS).hasSize(KINDS.size());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "a", " ", "\n", "\t ", "\r\n", "\ud83d\ude00", "\u0301", "\u0301\u0323", "\u0315\u0300\u05ae\u0334",
                "\u1100\u1161", "\uac00", "e\u0301", "1",
        "\u533b", "\u00a0", "'", "<", "<|im_end|", "<|im_end|>", "a'", " '", "\u0000", "\ufffd", "\u2581", "aB", ".\n",
                "\ud83d", "<LR> "
    })
    void aMillionCharactersOfOneKind(String unit) {
        String text = unit.repeat(LENGTH / unit.length());
        String composed = Normalizer.normalize(unit.equals("\ud83d") ? "\ufffd" : unit, Form.NFC);
        assertTimeoutPreemptively(LIMIT, () -> {
            String back = tinyQwen2.decode(tinyQwen2.encode(text));
            assertThat(back.length()).isPositive();
            if (unit.length() == 1 && composed.equals(unit)) {
                assertThat(back.equals(text)).isTrue();
            }
        });
        String shorter = text.substring(0, SHORT);
        TOKENIZERS.forEach((name, tokenizer) -> assertTimeoutPreemptively(LIMIT, () -> {
            int[] ids = tokenizer.encode(shorter);
            assertThat(tokenizer.decode(ids).isEmpty()).isEqualTo(ids.length == 0);
            tokenizer.encodeLiteral(shorter);
        }, () -> name + " on a text of " + unit));
    }

    @Test
    void fiveMegabytesOnOneLine() {
        String text = "The reader's question, no line break: 12 of 345; ".repeat(5_000_000 / 50);
        for (Tokenizer tokenizer : List.of(tinyQwen2, TOKENIZERS.get("llama2"), TOKENIZERS.get("deepseek"))) {
            assertTimeoutPreemptively(LIMIT, () -> assertThat(tokenizer.decode(tokenizer.encode(text)).equals(text))
                    .isTrue());
        }
    }

    @Test
    void manySpansTakeLinearTime() {
        Tokenizer tokenizer = TOKENIZERS.get("lowercase-added"); // with added tokens that match the normalized text
        List<TextSpan> spans = new ArrayList<>();
        for (int i = 0; i < 50_000; i++) {
            spans.add(new TextSpan("<N> abc<n>", i % 3 == 0));
        }
        assertTimeoutPreemptively(LIMIT, () -> {
            int wanted = tokenizer.tokenId("<N>");
            long count = Arrays.stream(tokenizer.encode(spans)).filter(id -> id == wanted).count();
            assertThat(count).isEqualTo(2L * 33_333);
        });
    }

    @Test
    void threadsShareOneTokenizer() throws InterruptedException, ExecutionException {
        Tokenizer shared = Tokenizer.load(Fixtures.model("tiny-qwen2")); // nothing memoized yet
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            texts.add("The question " + i + " of the reader\u2019s list: what is " + i * 7
                    + " + na\u00efve? <|im_end|>\n");
        }
        List<int[]> expected = texts.stream().map(tinyQwen2::encode).toList();
        Callable<Boolean> work = () -> {
            for (int i = 0; i < texts.size(); i++) {
                assertThat(shared.encode(texts.get(i))).isEqualTo(expected.get(i));
                assertThat(shared.decode(expected.get(i))).isEqualTo(texts.get(i));
            }
            return true;
        };
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            for (Future<Boolean> done : threads.invokeAll(Collections.nCopies(8, work))) {
                assertThat(done.get()).isTrue();
            }
        } finally {
            threads.shutdown();
        }
    }
}
