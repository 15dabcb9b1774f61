package dev.m1.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class SweepAndVoteCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String TINY = CliRun.fixture("tiny-qwen2").toString();

    @Test
    void sweepCellsAreWhatAskSays() throws IOException {
        CliRun run = CliRun.of(
                "sweep",
                "--model",
                TINY,
                "--budgets",
                "0,9,4",
                "--waits",
                "0,1",
                "--max-answer-tokens",
                "5",
                "--json",
                "Why?");
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode sweep = JSON.readTree(run.out());
        assertThat(sweep.get("cells")).hasSize(6);
        assertThat(sweep.at("/ledger/fedTokens").asLong())
                .isLessThan(sweep.at("/ledger/separateFedTokens").asLong());
        for (JsonNode cell : sweep.get("cells")) {
            CliRun ask = CliRun.of(
                    "ask",
                    "--model",
                    TINY,
                    "--budget",
                    cell.get("budget").asText(),
                    "--waits",
                    cell.get("maxWaits").asText(),
                    "--max-answer-tokens",
                    "5",
                    "--json",
                    "Why?");
            JsonNode alone = JSON.readTree(ask.out());
            assertThat(cell.get("thinking")).isEqualTo(alone.get("thinking"));
            assertThat(cell.get("answer")).isEqualTo(alone.get("answer"));
        }
    }

    @Test
    void sweepPrintsALineForEachCell() {
        CliRun run = CliRun.of("sweep", "--model", TINY, "--budgets", "0,3", "--max-answer-tokens", "2", "Why?");
        assertThat(run.status()).isZero();
        assertThat(run.out().lines()).hasSize(2).allMatch(l -> l.startsWith("budget "));
        assertThat(run.err()).contains("2 cells");
    }

    @Test
    void voteCountsSamples() throws IOException {
        CliRun run = CliRun.of(
                "vote",
                "--model",
                TINY,
                "--samples",
                "4",
                "--temperature",
                "1",
                "--budget",
                "3",
                "--max-answer-tokens",
                "3",
                "--json",
                "Why?");
        assertThat(run.status()).as(run.err()).isZero();
        JsonNode vote = JSON.readTree(run.out());
        int votes = 0;
        for (JsonNode count : vote.get("tally")) {
            votes += count.asInt();
        }
        assertThat(votes).isEqualTo(vote.get("samples").size());
        assertThat(vote.get("samples").size() + vote.get("cancelled").asInt()).isEqualTo(4);
    }

    @Test
    void badGridsAndVotesAreUsageErrors() {
        CliRun grid = CliRun.of("sweep", "--model", TINY, "--budgets", "3,-1", "Why?");
        assertThat(grid.status()).isEqualTo(2);
        assertThat(grid.err().lines()).singleElement().asString().contains("-1");
        CliRun none = CliRun.of("vote", "--model", TINY, "--samples", "0", "Why?");
        assertThat(none.status()).isEqualTo(2);
        assertThat(none.err().lines()).singleElement().asString().contains("0");
    }
}
