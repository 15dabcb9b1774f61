package dev.m1.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.BudgetSweep;
import dev.m1.LanguageModel;
import dev.m1.ModelOptions;
import dev.m1.ReasoningResult;
import dev.m1.Vote;
import dev.m1.examples.demo.DemoFiles;
import dev.m1.examples.demo.Exam;
import dev.m1.thinking.FinishReason;
import dev.m1.thinking.ThinkingEnd;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The examples do what they say, on the demonstration's checkpoint. */
class CopyableExamplesTest {
    private static LanguageModel model;
    private static String question;

    @BeforeAll
    static void open() throws IOException {
        DemoFiles demo = DemoFiles.in(Path.of(""));
        model = LanguageModel.open(
                demo.checkpoint(), ModelOptions.builder().maxSequences(8).build());
        question = Exam.load(demo.exam()).questions().getFirst().prompt();
    }

    @AfterAll
    static void close() {
        model.close();
    }

    @Test
    void askCutsAtTheBudget() {
        ReasoningResult result = AskWithBudget.ask(model, question, 10);
        assertThat(result.thinkingEnd()).isEqualTo(ThinkingEnd.BUDGET);
        assertThat(result.usage().thinkingTokens()).isEqualTo(10);
        assertThat(result.answer()).isNotBlank();
    }

    @Test
    void streamWritesWhatTheResultSays() {
        StringBuilder seen = new StringBuilder();
        ReasoningResult result =
                StreamAnswer.stream(model, question, seen).join();
        assertThat(seen.toString())
                .isEqualTo(result.thinking() + "\n[" + result.thinkingEnd() + "]\n" + result.answer());
    }

    @Test
    void sweepHasAnAnswerForEachBudget() {
        BudgetSweep sweep = SweepBudgets.sweep(model, question);
        assertThat(sweep.row(0)).hasSize(5).allMatch(r -> !r.answer().isBlank());
        assertThat(sweep.result(32, 0).answer()).isEqualTo(AskWithBudget.ask(model, question, 32).answer());
        assertThat(sweep.ledger().saving()).isGreaterThan(1);
    }

    @Test
    void voteHasAWinner() {
        Vote vote = VoteOnAnswer.vote(model, question);
        assertThat(vote.winner()).hasValueSatisfying(letter -> assertThat(letter).isIn("A", "B", "C", "D"));
    }

    @Test
    void aUserCanHaveTheAnswerNow() {
        ReasoningResult result = LiveControl.answerAfterFirstPiece(model, question);
        assertThat(result.thinkingEnd()).isIn(ThinkingEnd.ANSWER_NOW, ThinkingEnd.NATURAL); // it may be faster
        assertThat(result.answer()).isNotBlank();
    }

    @Test
    void aDeadlineIsNoFailure() {
        ReasoningResult result = LiveControl.within(model, question, Duration.ofSeconds(60));
        assertThat(result.answerEnd()).isNotEqualTo(FinishReason.CANCELLED);
        assertThat(result.answer()).isNotBlank();
    }
}
