package dev.m1.bench.medical;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScoreFileTest {
    private static final String REST = "\"options\": {\"A\": \"Oxygen\", \"B\": \"Zinc\"}, \"answer_idx\": \"B\"";

    @TempDir
    private Path folder;

    @Test
    void aLineForEachAnswer() throws IOException {
        String scores = score("{\"text\": \"\\\\boxed{B}\", " + REST + ", \"answer\": \"Zinc\", \"budget\": 128}\n"
                + "\n"
                + "{\"text\": \"The answer is Beryllium\", " + REST + "}\r\n"
                + "{\"text\": \"zinc ¿\\ud83d?\", " + REST + "}");
        assertThat(scores).isEqualTo("""
                {"m1":{"extracted":"B","rule":"letter","letter":"B","correct":true},\
                "strict":{"letter":"B","correct":true,"parsed":true}}
                {"m1":{"extracted":"The answer is Beryllium","rule":"match","matcher":"answer_is","letter":"B",\
                "correct":true},"strict":{"letter":null,"correct":false,"parsed":false}}
                {"m1":{"extracted":"zinc \\u00BF\\uD83D?","rule":"match","matcher":"last_option_text","letter":"B",\
                "correct":true},"strict":{"letter":null,"correct":false,"parsed":false}}
                """);
    }

    @Test
    void anEmptyFileHasNoScores() throws IOException {
        assertThat(score("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            {"text": "B"                                                          | not valid JSON
            "B"                                                                   | expected an object, found string
            {"options": {"A": "x"}, "answer_idx": "A"}                            | field "text" is missing
            {"text": 1, "options": {"A": "x"}, "answer_idx": "A"}                 | field "text" is not a string
            {"text": "", "answer_idx": "A"}                                       | field "options" is missing
            {"text": "", "options": "A", "answer_idx": "A"}                       | field "options" is neither
            {"text": "", "options": {}, "answer_idx": "A"}                        | no options
            {"text": "", "options": {"A": null}, "answer_idx": "A"}               | option A is not a string
            {"text": "", "options": {"A": "x", "A": "y"}, "answer_idx": "A"}      | Duplicate
            {"text": "", "options": {"A": "x"}}                                   | field "answer_idx" is missing
            {"text": "", "options": {"A": "x"}, "answer_idx": "B"}                | is B, the options are [A]
            """)
    void aBadLineIsNamed(String line, String message) {
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> score("{\"text\": \"B\", " + REST + "}\n\n" + line))
                .withMessageContaining("answers.jsonl, line 3: ")
                .withMessageContaining(message);
    }

    @Test
    void bytesThatAreNoUtf8() throws IOException {
        Path file = folder.resolve("latin.jsonl");
        Files.write(file, new byte[] {'\n', '{', '"', (byte) 0xE9, '"', '}'});
        assertThatExceptionOfType(DataException.class)
                .isThrownBy(() -> ScoreFile.score(file, new StringBuilder()))
                .withMessageContaining("latin.jsonl, line 2: not UTF-8");
    }

    private String score(String content) throws IOException {
        StringBuilder out = new StringBuilder();
        int scored = ScoreFile.score(Files.writeString(folder.resolve("answers.jsonl"), content), out);
        assertThat(out.toString().lines()).hasSize(scored);
        return out.toString();
    }
}
