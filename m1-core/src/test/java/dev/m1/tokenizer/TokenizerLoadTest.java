package dev.m1.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.errors.TokenizerException;
import dev.m1.testing.Fixtures;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file that cannot be used is refused with the name of the file and of what is wrong with it. */
class TokenizerLoadTest {
    private static final String GOOD = """
            {"version": "1.0", "truncation": null, "padding": null,
             "added_tokens": [{"id": 4, "content": "<e>", "single_word": false, "lstrip": false, "rstrip": false,
                               "normalized": false, "special": true}],
             "normalizer": null,
             "pre_tokenizer": {"type": "Metaspace", "replacement": "_", "prepend_scheme": "never", "split": true},
             "post_processor": null,
             "decoder": {"type": "Fuse"},
             "model": {"type": "BPE", "dropout": null, "unk_token": "a", "continuing_subword_prefix": "",
                       "end_of_word_suffix": null,
                       "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
                       "vocab": {"a": 0, "b": 1, "ab": 2, "abab": 3}, "merges": ["a b", "ab ab"]}}
            """;

    @TempDir
    Path folder;

    @Test
    void theUnchangedFileLoads() throws IOException {
        Tokenizer tokenizer = load(GOOD);
        assertThat(tokenizer.encode("ababab<e>a")).containsExactly(3, 2, 4, 0);
        assertThat(tokenizer.vocabSize()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource(delimiter = ';', quoteCharacter = '\0', value = {
        // field named by the error; old text; new text
        "model.type; \"type\": \"BPE\"; \"type\": \"Unigram\"",
        "model.type; \"type\": \"BPE\"; \"type\": 7",
        "model.dropout; \"dropout\": null; \"dropout\": 0.1",
        "model.dropout; \"dropout\": null; \"dropout\": \"0\"",
        "model.unk_token; \"unk_token\": \"a\"; \"unk_token\": \"z\"",
        "model.continuing_subword_prefix; \"continuing_subword_prefix\": \"\"; \"continuing_subword_prefix\": \"##\"",
        "model.end_of_word_suffix; \"end_of_word_suffix\": null; \"end_of_word_suffix\": \"</w>\"",
        "model.fuse_unk; \"fuse_unk\": false; \"fuse_unk\": \"no\"",
        "model.fuse_unk; \"fuse_unk\": false; \"fuse_unk\": false, \"fuse_unk\": true",
        "model.vocab; \"b\": 1; \"b\": 0",
        "model.vocab; \"b\": 1; \"a\": 1",
        "model.vocab; \"b\": 1; \"b\": -1",
        "model.vocab; \"b\": 1; \"b\": 1.5",
        "model.vocab; \"b\": 1; \"b\": \"1\"",
        "model.vocab; \"b\": 1; \"b\": null",
        "model.vocab; \"b\": 1; \"b\": 2147483647",
        "model.vocab; \"b\": 1; \"b\": 99999999999",
        "model.vocab; \"b\": 1; \"b\": 5000000",
        "surrogate pair; \"b\": 1; \"b\": 1, \"\\ud800\": 9",
        "model.vocab; \"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 2, \"abab\": 3}; \"vocab\": [[\"a\", 0]]",
        "model; \"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 2, \"abab\": 3}; \"vocabulary\": {}",
        "model; \"merges\": [\"a b\", \"ab ab\"]; \"merge\": []",
        "model.merges[0]; \"a b\"; \"a c\"",
        "model.merges[0]; \"a b\"; \"b a\"",
        "model.merges[0]; \"a b\"; \"a b c\"",
        "model.merges[0]; \"a b\"; \"ab\"",
        "model.merges[0]; \"a b\"; \" ab\"",
        "model.merges[0]; \"a b\"; [\"a\"]",
        "model.merges[0]; \"a b\"; [\"a\", \"b\", \"c\"]",
        "model.merges[0]; \"a b\"; [\"a\", 1]",
        "model.merges[0]; \"a b\"; 5",
        "model.merges; \"merges\": [\"a b\", \"ab ab\"]; \"merges\": {}",
        "normalizer.type; \"normalizer\": null; \"normalizer\": {\"type\": \"Precompiled\"}",
        "normalizer; \"normalizer\": null; \"normalizer\": \"NFC\"",
        "normalizer.pattern; \"normalizer\": null; \"normalizer\": {\"type\": \"Replace\", "
                + "\"pattern\": {\"Glob\": \"x\"}, \"content\": \"\"}",
        "normalizer.pattern.Regex; \"normalizer\": null; \"normalizer\": {\"type\": \"Replace\", "
                + "\"pattern\": {\"Regex\": \"a(b\"}, \"content\": \"\"}",
        "normalizer.pattern.Regex; \"normalizer\": null; \"normalizer\": {\"type\": \"Replace\", "
                + "\"pattern\": {\"Regex\": \"(a)\\\\1\"}, \"content\": \"\"}",
        "normalizer.normalizers[0].type; \"normalizer\": null; \"normalizer\": {\"type\": \"Sequence\", "
                + "\"normalizers\": [{\"type\": \"Nmt\"}]}",
        "pre_tokenizer.prepend_scheme; \"never\"; \"sometimes\"",
        "pre_tokenizer.add_prefix_space; \"never\"; \"first\", \"add_prefix_space\": false",
        "pre_tokenizer.replacement; \"replacement\": \"_\"; \"replacement\": \"__\"",
        "pre_tokenizer.split; \"split\": true; \"split\": 1",
        "pre_tokenizer.type; \"type\": \"Metaspace\"; \"type\": \"UnicodeScripts\"",
        "decoder.type; \"type\": \"Fuse\"; \"type\": \"WordPiece\"",
        "decoder.decoders[1].type; {\"type\": \"Fuse\"}; {\"type\": \"Sequence\", "
                + "\"decoders\": [{\"type\": \"Fuse\"}, {\"type\": \"ByteLevel\"}]}",
        "post_processor.type; \"post_processor\": null; \"post_processor\": {\"type\": \"BertProcessing\"}",
        "post_processor.single; \"post_processor\": null; "
                + "\"post_processor\": {\"type\": \"TemplateProcessing\", \"single\": []}",
        "added_tokens[0].id; \"id\": 4; \"id\": 3",
        "added_tokens[0].id; \"id\": 4; \"id\": 7",
        "added_tokens[0].id; \"id\": 4; \"id\": -4",
        "added_tokens[0].id; \"id\": 4; \"id\": 1e3",
        "added_tokens[0].id; \"id\": 4; \"id\": 4294967300",
        "added_tokens[0].content; \"content\": \"<e>\"; \"content\": \"\"",
        "added_tokens[0].content; \"content\": \"<e>\"; \"content\": 5",
        "added_tokens[0].content; \"content\": \"<e>\"; \"content\": \"\\udc00\"",
        "added_tokens[0].special; \"special\": true; \"special\": 1",
        "added_tokens[0].special; , \"special\": true; ",
        "added_tokens[0]; \"added_tokens\": [; \"added_tokens\": [null,",
        "version; \"version\": \"1.0\"; \"version\": \"2.0\"",
        "the file; \"normalizer\": null; \"normalizer\": null, \"normalizer\": null",
        "the file; \"version\"; \"model\": {\"type\": \"BPE\", \"vocab\": {}, \"merges\": []}, \"version\"",
        "the file; \"model\":; \"models\":",
        "not valid JSON; \"version\": \"1.0\",; \"version\": \"1.0\"",
        "not valid JSON; \"normalizer\": null; \"normalizer\": {\"type\": \"NFC\", \"type\": \"NFD\"}",
    })
    void oneWrongField(String named, String old, String changed) {
        assertThat(GOOD).contains(old);
        assertRefused(GOOD.replace(old, changed == null ? "" : changed), named);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "null", "[]", "17", "\"x\"", "{}", "{", "not json", "\ufeff{}", "{\"model\": []}",
            "{\"model\": {}} x"})
    void noTokenizerAtAll(String content) {
        assertRefused(content, "tokenizer.json");
    }

    @Test
    void everyTruncationOfAFile() {
        String compact = GOOD.strip();
        for (int length = 0; length < compact.length(); length++) {
            assertRefused(compact.substring(0, length), "tokenizer.json");
        }
    }

    @Test
    void bytesThatAreNotUtf8() throws IOException {
        Files.write(folder.resolve("tokenizer.json"), GOOD.replace("<e>", "<\u00e9>")
                .getBytes(StandardCharsets.ISO_8859_1));
        assertThatThrownBy(() -> Tokenizer.load(folder)).isInstanceOf(TokenizerException.class)
                .hasMessageContaining("not UTF-8");
    }

    @Test
    void aFileThatIsNotThere() {
        assertThatThrownBy(() -> Tokenizer.load(folder)).isInstanceOf(TokenizerException.class)
                .hasMessageContaining("no such file");
        assertThatThrownBy(() -> Tokenizer.load(folder.resolve("absent"))).isInstanceOf(TokenizerException.class);
    }

    @Test
    void partsNestedWithoutEnd() {
        String open = "{\"type\": \"Sequence\", \"normalizers\": [";
        for (int depth : new int[] {70, 400, 100_000}) {
            String nested = open.repeat(depth) + "]}".repeat(depth);
            assertRefused(GOOD.replace("\"normalizer\": null", "\"normalizer\": " + nested), "tokenizer.json");
            assertRefused(GOOD.replace("\"unk_token\": \"a\"", "\"unk_token\": " + nested), "tokenizer.json");
        }
    }

    @Test
    void duplicatesAmongAddedTokens() throws IOException {
        ObjectNode file = (ObjectNode) Goldens.JSON.readTree(GOOD);
        ObjectNode copy = file.withArray("added_tokens").get(0).deepCopy();
        file.withArray("added_tokens").add(copy);
        assertRefused(file.toString(), "added_tokens[1].id");
        copy.put("id", 5);
        assertRefused(file.toString(), "added_tokens");
    }

    @Test
    void idsAreThoseOfHuggingFaceInAnyOrderOfTheFields() throws IOException {
        String mergesFirst =
                GOOD.replace("\"vocab\": {\"a\": 0, \"b\": 1, \"ab\": 2, \"abab\": 3}, "
                        + "\"merges\": [\"a b\", \"ab ab\"]",
                "\"merges\": [\"#version: 0.2\", \"a b\", \"ab ab\"], \"vocab\": {\"abab\": 3, \"b\": 1, "
                        + "\"ab\": 2, \"a\": 0}");
        assertThat(mergesFirst).isNotEqualTo(GOOD);
        assertThat(load(mergesFirst).encode("ababab")).containsExactly(3, 2);
        String pairs = GOOD.replace("\"a b\"", "[\"a\", \"b\"]").replace("\"ab ab\"", "[\"ab\", \"ab\"]");
        assertThat(load(pairs).encode("ababab")).containsExactly(3, 2);
    }

    @Test
    void idsMayHaveHoles() throws IOException {
        Tokenizer tokenizer = load(GOOD.replace("\"abab\": 3", "\"abab\": 30"));
        assertThat(tokenizer.encode("abab<e>")).containsExactly(30, 4);
        assertThat(tokenizer.token(7)).isNull();
        assertThat(tokenizer.decode(new int[] {0, 7, 1})).isEqualTo("ab");
        assertThat(tokenizer.vocabSize()).isEqualTo(31);
    }

    @Test
    void aPatternThatBacktracksWithoutEndIsAnError() throws IOException {
        Tokenizer tokenizer = load(GOOD.replace("\"normalizer\": null",
                "\"normalizer\": {\"type\": \"Replace\", \"pattern\": {\"Regex\": \"a*a*a*a*c\"}, \"content\": \"\"}"));
        assertThatThrownBy(() -> tokenizer.encode("a".repeat(300))).isInstanceOf(TokenizerException.class)
                .hasMessageContaining("a*a*a*a*c");
        Tokenizer deep = load(GOOD.replace("\"normalizer\": null",
                "\"normalizer\": {\"type\": \"Replace\", \"pattern\": {\"Regex\": \"(?:ab|b)*c\"}, "
                        + "\"content\": \"\"}"));
        assertThatThrownBy(() -> deep.encode("ab".repeat(1_000_000))).isInstanceOf(TokenizerException.class);
    }

    @Test
    void tinyQwen2LoadsFromItsFileAndItsFolder() {
        Path model = Fixtures.model("tiny-qwen2");
        assertThat(Tokenizer.load(model.resolve("tokenizer.json")).vocabSize())
                .isEqualTo(Tokenizer.load(model).vocabSize());
    }

    private Tokenizer load(String content) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), content);
        return Tokenizer.load(folder);
    }

    private void assertRefused(String content, String named) {
        assertThatThrownBy(() -> load(content)).as(content.length() > 3000 ? "a long file" : content)
                .isInstanceOf(TokenizerException.class).hasMessageContaining("tokenizer.json")
                        .hasMessageContaining(named);
    }
}
