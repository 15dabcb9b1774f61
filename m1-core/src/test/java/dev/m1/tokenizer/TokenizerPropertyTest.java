package dev.m1.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.testing.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** What holds for every text and every id. */
class TokenizerPropertyTest {
    private static final Map<String, Tokenizer> VARIANTS = new TreeMap<>();
    private static Path folder;
    private static Tokenizer qwen;

    @BeforeContainer
    static void load() throws IOException {
        folder = Files.createTempDirectory("tokenizers");
        qwen = Tokenizer.load(Fixtures.model("tiny-qwen2"));
        var all = Goldens.variants();
        for (var variant : all.get("variants")) {
            Path file = Goldens.write(all, variant, folder);
            VARIANTS.put(variant.get("name").asText(), Tokenizer.load(file));
            Files.delete(file);
        }
    }

    @AfterContainer
    static void delete() throws IOException {
        Files.delete(folder);
    }

    @Property(tries = 2000)
    void streamIsDecodeWhateverTheTokenizer(@ForAll("variant") String name, @ForAll("ids") List<Integer> list) {
        Tokenizer tokenizer = VARIANTS.get(name);
        int[] ids = ids(list, tokenizer.vocabSize() + 5);
        assertThat(Goldens.streamed(tokenizer, ids)).isEqualTo(tokenizer.decode(ids));
    }

    @Property(tries = 1000)
    void streamNeverTakesBackWhatItSaid(@ForAll("variant") String name, @ForAll("ids") List<Integer> list) {
        Tokenizer tokenizer = VARIANTS.get(name);
        int[] ids = ids(list, tokenizer.vocabSize());
        StreamDecoder stream = tokenizer.streamDecoder();
        StringBuilder said = new StringBuilder();
        for (int i = 0; i < ids.length; i++) {
            said.append(stream.append(ids[i]));
            String now = said + stream.copy().finish(); // a copy may end here while the stream goes on
            assertThat(now).isEqualTo(tokenizer.decode(Arrays.copyOf(ids, i + 1)));
        }
        assertThat(said + stream.finish()).isEqualTo(tokenizer.decode(ids));
    }

    @Property(tries = 1000)
    void spansWithoutLiteralOnesAreTheText(@ForAll("variant") String name, @ForAll("texts") List<String> parts) {
        Tokenizer tokenizer = VARIANTS.get(name);
        List<TextSpan> spans = parts.stream().map(part -> new TextSpan(part, false)).toList();
        assertThat(tokenizer.encode(spans)).isEqualTo(tokenizer.encode(String.join("", parts)));
    }

    @Property(tries = 1000)
    void literalSpansAreLiteralText(@ForAll("variant") String name, @ForAll("texts") List<String> parts) {
        Tokenizer tokenizer = VARIANTS.get(name);
        List<TextSpan> spans = parts.stream().map(part -> new TextSpan(part, true)).toList();
        assertThat(tokenizer.encode(spans)).isEqualTo(tokenizer.encodeLiteral(String.join("", parts)));
    }

    @Property(tries = 1000)
    void usersCannotWriteControlTokens(@ForAll("variant") String name, @ForAll("texts") List<String> parts) {
        Tokenizer tokenizer = VARIANTS.get(name);
        int unknown = tokenizer.tokenId("<unk>");
        for (int id : tokenizer.encodeLiteral(String.join("", parts))) {
            assertThat(id == unknown || !tokenizer.isSpecial(id)).as("%s (%d)", tokenizer.token(id), id).isTrue();
            assertThat(tokenizer.token(id)).isNotIn("<think>", "<|im_end|>", "<|im_end|><|im_end|>", "<L>", "<R>",
                    "<LR>", "<sep>");
        }
    }

    @Property(tries = 1000)
    void controlTokensOfATemplateSurviveAnyUserText(@ForAll("texts") List<String> parts) {
        String user = String.join("", parts);
        int[] ids = qwen.encode(List.of(new TextSpan("<|im_start|>user\n", false), new TextSpan(user, true),
                new TextSpan("<|im_end|>\n", false)));
        List<Integer> control = Arrays.stream(ids).filter(id ->
                qwen.token(id).startsWith("<|im_") || qwen.token(id).contains("think>"))
                .boxed().toList();
        assertThat(control).containsExactly(qwen.tokenId("<|im_start|>"), qwen.tokenId("<|im_end|>"));
        // HF's NFC, which the goldens prove; the JDK's also moves marks that are younger than Unicode 9.0.
        String composed = new UnicodeForm(Form.NFC).normalize("\n" + user, true, true).substring(1);
        assertThat(qwen.decode(ids)).isEqualTo("<|im_start|>user\n" + composed + "<|im_end|>\n");
    }

    @Property(tries = 1000)
    void composedTextComesBack(@ForAll("texts") List<String> parts) {
        String text = Normalizer.normalize(String.join("", parts), Form.NFC);
        assertThat(qwen.decode(qwen.encode(text))).isEqualTo(text);
        assertThat(qwen.decode(qwen.encodeLiteral(text))).isEqualTo(text);
    }

    @Property(tries = 1000)
    void scanningBytesGivesTheIdsOfSplittingStrings(@ForAll("texts") List<String> parts) {
        // "llama3-removed" is the same splitting as "llama3-merged", but takes the general path.
        String text = String.join("", parts);
        assertThat(VARIANTS.get("llama3-merged").encode(text)).isEqualTo(VARIANTS.get("llama3-removed").encode(text));
    }

    @Provide
    Arbitrary<String> variant() {
        return Arbitraries.of(new ArrayList<>(VARIANTS.keySet()));
    }

    @Provide
    Arbitrary<List<Integer>> ids() {
        return Arbitraries.integers().between(0, 1 << 20).list().ofMaxSize(30);
    }

    @Provide
    Arbitrary<List<String>> texts() {
        Arbitrary<String> known = Arbitraries.of("<|im_end|>", "<|im_start|>", "<think>", "</think>", "<|", "im_end|>",
                "<|endoftext|>",
                "<s>", "</s>", "<L>", "<R>", " ", "  ", "\n", "\r\n", "\u00a0", "'s", "'\u017f", "don't", "word",
                        " the", "12345", "\u0301",
                "e\u0323\u0301", "\ud83d\ude00", "\u533b\u751f", "\u2581", "<0x41>", "\u0000", ".", "!?", "ABC", "a b");
        Arbitrary<String> any = Arbitraries.integers().between(0, 0x323AF).filter(c -> c < 0xD800 || c > 0xDFFF)
                .map(Character::toString);
        return Arbitraries.frequencyOf(Tuple.of(3, known), Tuple.of(1, any)).list().ofMaxSize(12);
    }

    private static int[] ids(List<Integer> list, int bound) {
        return list.stream().mapToInt(id -> id % bound).toArray();
    }
}
