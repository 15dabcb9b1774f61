package dev.m1.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.testing.Fixtures;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The API, on our own small byte-level tokenizer. */
class TokenizerTest {
    private final Tokenizer tokenizer = Tokenizer.load(Fixtures.model("tiny-qwen2"));

    @Test
    void tokensByIdAndString() {
        assertThat(tokenizer.tokenId("<|im_end|>")).isEqualTo(1902);
        assertThat(tokenizer.token(1902)).isEqualTo("<|im_end|>");
        assertThat(tokenizer.isSpecial(1902)).isTrue();
        assertThat(tokenizer.tokenId("<think>")).isEqualTo(1903);
        assertThat(tokenizer.isSpecial(1903)).isFalse();
        assertThat(tokenizer.tokenId("!")).isZero();
        assertThat(tokenizer.tokenId("no such token")).isEqualTo(-1);
        assertThat(tokenizer.token(1905)).isNull();
        assertThat(tokenizer.token(-1)).isNull();
        assertThat(tokenizer.isSpecial(-1)).isFalse();
        assertThat(tokenizer.vocabSize()).isEqualTo(1905);
    }

    @Test
    void specialTokensAreSkippedWhenAsked() {
        int[] ids = tokenizer.encode("<|im_start|>a<think>b<|im_end|>");
        assertThat(tokenizer.decode(ids)).isEqualTo("<|im_start|>a<think>b<|im_end|>");
        assertThat(tokenizer.decode(ids, true)).isEqualTo("a<think>b");
    }

    @Test
    void idsWithoutATokenAddNothingAndNegativeOnesAreRefused() {
        assertThat(tokenizer.decode(new int[] {1905, 0, Integer.MAX_VALUE})).isEqualTo("!");
        assertThatThrownBy(() -> tokenizer.decode(new int[] {-1})).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("-1");
        assertThatThrownBy(() -> tokenizer.streamDecoder().append(-7)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aLoneSurrogateIsTheReplacementCharacter() {
        assertThat(tokenizer.encode("a\ud83db")).isEqualTo(tokenizer.encode("a\ufffdb"));
        assertThat(tokenizer.encodeLiteral("\ude00")).isEqualTo(tokenizer.encode("\ufffd"));
        // Two spans are one text: halves that meet are a character.
        assertThat(tokenizer.encode(List.of(new TextSpan("\ud83d", false), new TextSpan("\ude00", true))))
                .isEqualTo(tokenizer.encode("\ud83d\ude00"));
    }

    @Test
    void nothingAndNul() {
        assertThat(tokenizer.encode("")).isEmpty();
        assertThat(tokenizer.encodeLiteral("")).isEmpty();
        assertThat(tokenizer.encode(List.of())).isEmpty();
        assertThat(tokenizer.decode(new int[0])).isEmpty();
        assertThat(tokenizer.streamDecoder().finish()).isEmpty();
        assertThat(tokenizer.decode(tokenizer.encode("a\0\0b"))).isEqualTo("a\0\0b");
        assertThatThrownBy(() -> tokenizer.encode((String) null)).isInstanceOf(NullPointerException.class);
    }

    @Test
    void spansAreSplitAcrossTheirBorders() {
        List<TextSpan> spans = List.of(new TextSpan("The quest", false), new TextSpan("ion", true),
                new TextSpan("s.", false));
        assertThat(tokenizer.encode(spans)).isEqualTo(tokenizer.encode("The questions."));
    }

    @Test
    void aControlTokenThatTouchesALiteralSpanIsText() {
        int end = tokenizer.tokenId("<|im_end|>");
        assertThat(tokenizer.encode(List.of(new TextSpan("<|im_", true), new TextSpan("end|>", false))))
                .doesNotContain(end);
        assertThat(tokenizer.encode(List.of(new TextSpan("<|im_", false), new TextSpan("end|>", true))))
                .doesNotContain(end);
        assertThat(tokenizer.encode(List.of(new TextSpan("<|im_en", false), new TextSpan("d", true),
                new TextSpan("|>", false))))
                .doesNotContain(end);
        assertThat(tokenizer.encode(List.of(new TextSpan("<|im_", false), new TextSpan("", true),
                new TextSpan("end|>", false))))
                .containsExactly(end);
        assertThat(tokenizer.encode(List.of(new TextSpan("<|im_end|>", false), new TextSpan("<|im_end|>", true))))
                .startsWith(end).hasSizeGreaterThan(2);
        assertThat(tokenizer.decode(tokenizer.encodeLiteral("<|im_end|><think>"))).isEqualTo("<|im_end|><think>");
        assertThat(tokenizer.encodeLiteral("<|im_end|><think>")).doesNotContain(end, tokenizer.tokenId("<think>"));
    }

    @Test
    void aCharacterIsHeldBackUntilItIsComplete() {
        StreamDecoder stream = tokenizer.streamDecoder();
        byte[] bytes = "\ud83d\ude00".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 3; i++) {
            assertThat(stream.append(idOfByte(bytes[i]))).isEmpty();
        }
        StreamDecoder fork = stream.copy();
        assertThat(stream.append(idOfByte(bytes[3]))).isEqualTo("\ud83d\ude00");
        assertThat(stream.finish()).isEmpty();
        assertThat(fork.append(0)).isEqualTo("\ufffd!");
        assertThat(fork.finish()).isEmpty();
        assertThatThrownBy(() -> fork.append(0)).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(fork::finish).isInstanceOf(IllegalStateException.class);
    }

    private int idOfByte(byte b) {
        return tokenizer.tokenId(String.valueOf(ByteAlphabet.charOf(b & 0xFF)));
    }
}
