package dev.m1;

import static dev.m1.thinking.ThinkingBudget.upTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.errors.TokenizerException;
import dev.m1.testing.Fixtures;
import dev.m1.thinking.ProtocolTokens;
import dev.m1.thinking.ThinkingBudget;
import dev.m1.thinking.ThinkingProtocol;
import dev.m1.tokenizer.Tokenizer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A tokenizer may know more ids than the model has embedding rows; what needs such an id fails before it runs. */
class EmbeddingRowsTest {
    private static final Tokenizer TOKENIZER = Tokenizer.load(Fixtures.model("tiny-qwen2"));
    private static final int MARKER = TOKENIZER.tokenId("<|im_start|>");

    private static ProtocolTokens compiled(ThinkingProtocol p, int rows, int... eos) {
        return new ProtocolTokens(p, new TokenizerVocabulary(TOKENIZER, rows, eos));
    }

    @Test
    void markersAndStopsBeyondTheRowsAreRefusedAtConstruction() {
        assertThat(compiled(ThinkingProtocol.M1, TOKENIZER.vocabSize()).protocol()).isSameAs(ThinkingProtocol.M1);
        assertThatThrownBy(() -> compiled(ThinkingProtocol.M1, MARKER))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining(String.valueOf(MARKER))
                .hasMessageContaining(String.valueOf(MARKER - 1));
        ThinkingProtocol stops = ThinkingProtocol.builder("STOPS")
                .thinking(false)
                .answerStops("<|im_start|>")
                .build();
        assertThatThrownBy(() -> compiled(stops, MARKER))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("<|im_start|>");
        assertThatThrownBy(() -> compiled(ThinkingProtocol.PLAIN, 1000, 1000))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("EOS");
    }

    @Test
    void aWaitTextBeyondTheRowsIsRefused() {
        ProtocolTokens tokens = compiled(ThinkingProtocol.PLAIN, MARKER);
        ThinkingBudget budget = upTo(9).withWaits(1);
        assertThat(tokens.maxWaitTokens(budget)).isPositive();
        assertThatThrownBy(() -> tokens.maxWaitTokens(budget.withWaitText("<|im_start|>")))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("wait");
    }

    @Test
    void eosIdsThatCannotBeSampledAreLeftOut(@TempDir Path dir) throws Exception {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Fixtures.model("tiny-qwen2"))) {
            for (Path file : files) {
                Files.copy(file, dir.resolve(file.getFileName()));
            }
        }
        Files.writeString(dir.resolve("generation_config.json"), "{\"eos_token_id\": [2147483647, 1984, 1983]}");
        try (LanguageModel model = LanguageModel.open(dir)) {
            assertThat(model.eosIds()).containsExactly(1983, 1902); // 1902 is config.json's
            assertThat(model.generate(new int[] {5}, GenerationOptions.greedy(3)).tokenIds())
                    .isNotEmpty();
            // after a Wait, S1 forbids every stop once: the ids must be those of logits
            ThinkingProtocol s1 = ThinkingProtocol.S1.toBuilder("S1_SOON")
                    .thinkingStops(model.tokenizer().token(300), model.tokenizer().token(301))
                    .build();
            assertThat(Reasoner.of(model)
                            .reason(ReasoningRequest.builder()
                                    .user("x")
                                    .protocol(s1)
                                    .budget(upTo(8).withWaits(3))
                                    .maxAnswerTokens(2)
                                    .build())
                            .answerIds())
                    .isNotEmpty();
        }
    }

    @Test
    void protocolsOfRequestsAreKeptUpToABound() {
        ProtocolCache cache = new ProtocolCache(new TokenizerVocabulary(TOKENIZER, TOKENIZER.vocabSize(), new int[0]));
        ProtocolTokens first = cache.get(ThinkingProtocol.M1);
        for (int i = 0; i < 3 * ProtocolCache.MOST; i++) {
            cache.get(ThinkingProtocol.M1.toBuilder("M1_" + i).build());
            assertThat(cache.get(ThinkingProtocol.M1)).as("in use").isSameAs(first);
        }
        assertThat(cache.size()).isEqualTo(ProtocolCache.MOST);
    }
}
