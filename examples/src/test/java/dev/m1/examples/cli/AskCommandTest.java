package dev.m1.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AskCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String QUESTION = "Which vitamin prevents scurvy?";

    private static String[] ask(String question, String... more) {
        List<String> args = new ArrayList<>(List.of(
                "ask",
                "--model",
                CliRun.fixture("tiny-qwen2").toString(),
                "--protocol",
                "m1",
                "--budget",
                "12",
                "--max-answer-tokens",
                "8",
                question));
        args.addAll(List.of(more));
        return args.toArray(String[]::new);
    }

    @Test
    void printsOneObject() throws IOException {
        CliRun run = CliRun.of(ask(QUESTION, "--json"));
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(run.out().lines()).hasSize(1);
        JsonNode result = JSON.readTree(run.out());
        assertThat(result.get("protocol").asText()).isEqualTo("M1");
        assertThat(result.get("thinkingEnd").asText()).isIn("budget", "natural");
        assertThat(result.get("answerEnd").asText()).isIn("length", "stop");
        assertThat(result.get("waits").asInt()).isZero();
        assertThat(result.get("usage").get("thinkingTokens").asInt()).isBetween(0, 12);
        assertThat(result.get("usage").get("answerTokens").asInt()).isBetween(0, 8);
        assertThat(run.err().lines()).singleElement().asString().contains("thinking");
    }

    @Test
    void streamedTextIsTheTextOfTheResult() throws IOException {
        JsonNode result = JSON.readTree(CliRun.of(ask(QUESTION, "--json")).out());
        CliRun streamed = CliRun.of(ask(QUESTION));
        assertThat(streamed.status()).isZero();
        String thinking = result.get("thinking").asText();
        String answer = result.get("answer").asText();
        assertThat(streamed.out()).startsWith(thinking).endsWith(answer.endsWith("\n") ? answer : answer + "\n");
        assertThat(streamed.out()).doesNotContain("\u001b");
    }

    @Test
    void readsTheQuestionFromStandardInput() {
        CliRun piped = CliRun.withInput(QUESTION, ask("-", "--json"));
        assertThat(piped.status()).as(piped.err()).isZero();
        assertThat(texts(piped)).isEqualTo(texts(CliRun.of(ask(QUESTION, "--json"))));
    }

    @Test
    void statsSayMore() {
        CliRun run = CliRun.of(ask(QUESTION, "--stats"));
        assertThat(run.err()).contains("fed through the model");
    }

    private static List<String> texts(CliRun run) {
        try {
            JsonNode result = JSON.readTree(run.out());
            return List.of(result.get("thinking").asText(), result.get("answer").asText());
        } catch (IOException e) {
            throw new AssertionError(run.out(), e);
        }
    }
}
