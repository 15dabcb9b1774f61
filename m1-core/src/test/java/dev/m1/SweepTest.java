package dev.m1;

import static dev.m1.thinking.ThinkingBudget.upTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.sampling.Sampling;
import dev.m1.testing.Fixtures;
import dev.m1.testing.Seeds;
import dev.m1.thinking.ThinkingEnd;
import dev.m1.thinking.ThinkingProtocol;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A sweep's cells against separate runs, token by token. */
@Timeout(300)
class SweepTest {
    private static final List<ThinkingProtocol> PROTOCOLS = List.of(
            ThinkingProtocol.M1,
            ThinkingProtocol.M1_EXACT,
            ThinkingProtocol.S1,
            ThinkingProtocol.QWEN3,
            ThinkingProtocol.DEEPSEEK_R1,
            ThinkingProtocol.PLAIN);

    @ParameterizedTest
    @ValueSource(strings = {"tiny-qwen2", "tiny-qwen2-bf16", "tiny-qwen3", "tiny-llama3"})
    void everyCellIsTheSeparateRun(String name) throws Exception {
        long seed = Seeds.seed(20250402 + name.hashCode());
        Random random = new Random(seed);
        EnumSet<ThinkingEnd> ends = EnumSet.noneOf(ThinkingEnd.class);
        int waited = 0;
        ModelOptions options = ModelOptions.builder()
                .contextTokens(256)
                .maxSequences(6)
                .kvTokens(700)
                .threads(1)
                .build();
        try (LanguageModel model = LanguageModel.open(Fixtures.model(name), options)) {
            Reasoner reasoner = Reasoner.of(model);
            for (int i = 0; i < 54; i++) {
                ThinkingProtocol p = RandomRequests.withStops(PROTOCOLS.get(i % PROTOCOLS.size()), model, random);
                Sampling sampling = random.nextInt(3) == 0
                        ? Sampling.greedy()
                        : Sampling.builder()
                                .temperature(1)
                                .topP(0.95)
                                .seed(random.nextLong())
                                .build();
                ReasoningRequest request = ReasoningRequest.builder()
                        .user("Question " + random.nextInt(1000))
                        .protocol(p)
                        .sampling(sampling)
                        .maxAnswerTokens(1 + random.nextInt(5))
                        .build();
                int most = i % 7 == 0 ? Integer.MAX_VALUE : 15 + random.nextInt(16); // the context's end, or before
                BudgetGrid grid = BudgetGrid.of(
                        new int[] {0, 1 + random.nextInt(4), 5 + random.nextInt(10), most},
                        new int[] {0, 1 + random.nextInt(2), 3 + random.nextInt(2)});
                BudgetSweep sweep = reasoner.sweep(request, grid);
                long separate = 0;
                for (int budget : grid.budgets()) {
                    for (int waits : grid.waits()) {
                        ReasoningResult alone =
                                reasoner.reason(request.withBudget(upTo(budget).withWaits(waits)));
                        ReasoningResult cell = sweep.result(budget, waits);
                        String what = "seed " + seed + " grid " + i + " " + p + " " + budget + " × " + waits;
                        assertThat(cell.thinkingIds()).as(what).isEqualTo(alone.thinkingIds());
                        assertThat(cell.answerIds()).as(what).isEqualTo(alone.answerIds());
                        assertThat(cell.thinking()).as(what).isEqualTo(alone.thinking());
                        assertThat(cell.answer()).as(what).isEqualTo(alone.answer());
                        assertThat(cell.thinkingEnd()).as(what).isEqualTo(alone.thinkingEnd());
                        assertThat(cell.answerEnd()).as(what).isEqualTo(alone.answerEnd());
                        assertThat(cell.waits()).as(what).isEqualTo(alone.waits());
                        Usage u = alone.usage();
                        long ofItsOwn = u.fedTokens() + u.reusedTokens() - u.discardedTokens();
                        assertThat(cell.usage().fedTokens() - cell.usage().discardedTokens())
                                .as(what)
                                .isEqualTo((int) ofItsOwn);
                        separate += cell.usage().fedTokens();
                        ends.add(cell.thinkingEnd());
                        waited += cell.waits();
                    }
                }
                assertThat(sweep.ledger().separate()).isEqualTo(separate);
                assertThat(sweep.ledger().fed()).isLessThan(separate);
            }
            OpenModelTest.awaitIdle(model);
            assertThat(model.metrics().kvBlocksUsed()).isZero();
        }
        assertThat(ends).contains(ThinkingEnd.NATURAL, ThinkingEnd.BUDGET, ThinkingEnd.NONE);
        assertThat(waited).as("waits were exercised").isGreaterThan(50);
    }

    @Test
    void allCellsSeeTheQuestionThatIsLeftBesideTheLargest() {
        ModelOptions options =
                ModelOptions.builder().contextTokens(200).kvTokens(800).build();
        try (LanguageModel model = LanguageModel.open(Fixtures.model("tiny-qwen2"), options)) {
            Reasoner reasoner = Reasoner.of(model);
            ReasoningRequest request = ReasoningRequest.builder()
                    .user("Which one of these is it? ".repeat(40))
                    .maxAnswerTokens(8)
                    .promptOverflow(ReasoningRequest.PromptOverflow.TRUNCATE_QUESTION)
                    .build();
            BudgetSweep sweep = reasoner.sweep(request, BudgetGrid.of(new int[] {0, 10, 50}, new int[] {0, 1}));
            ReasoningResult largest =
                    reasoner.reason(request.withBudget(upTo(50).withWaits(1)));
            assertThat(sweep.cells().values())
                    .extracting(r -> r.usage().promptTokens())
                    .containsOnly(largest.usage().promptTokens());
            assertThat(sweep.result(50, 1).thinkingIds()).isEqualTo(largest.thinkingIds());
            assertThat(sweep.result(50, 1).answerIds()).isEqualTo(largest.answerIds());
            assertThat(sweep.result(10, 0).thinkingIds()).isEqualTo(Arrays.copyOf(largest.thinkingIds(), 10));
            ReasoningResult small = reasoner.reason(request.withBudget(upTo(0)));
            assertThat(small.usage().promptTokens())
                    .as("alone, a smaller budget leaves the question more room")
                    .isGreaterThan(largest.usage().promptTokens());
        }
    }

    @Test
    void thePassFeedsWhatItsLedgerSays() {
        CountingDecoder[] counter = new CountingDecoder[1];
        ModelOptions options = ModelOptions.builder().threads(1).build();
        try (LanguageModel model = LanguageModel.open(
                Fixtures.model("tiny-qwen2"), options, d -> counter[0] = new CountingDecoder(d))) {
            ReasoningRequest request =
                    ReasoningRequest.builder().user("Why?").maxAnswerTokens(10).build();
            BudgetSweep sweep = Reasoner.of(model)
                    .sweep(request, BudgetGrid.of(new int[] {0, 16, 32, 64, 128, 256}, new int[] {0, 1, 2}));
            assertThat(sweep.ledger().fed()).isEqualTo(counter[0].tokens);
            // without a natural end Waits change nothing: 6 answers for 18 cells, and 256 thinking tokens in place of
            // 496 × 3
            assertThat(sweep.ledger().answers()).isEqualTo(6);
            assertThat(sweep.ledger().saving()).isGreaterThan(4);
            assertThat(sweep.row(0)).hasSize(6);
            assertThat(sweep.cells()).hasSize(18);
        }
    }

    @Test
    void badGridsAreRefused() {
        assertThatThrownBy(() -> BudgetGrid.of(new int[0])).hasMessageContaining("budgets");
        assertThatThrownBy(() -> BudgetGrid.of(new int[] {3, -5})).hasMessageContaining("-5");
        assertThatThrownBy(() -> BudgetGrid.of(new int[] {3}, new int[] {-1})).hasMessageContaining("-1");
        assertThat(BudgetGrid.of(new int[] {8, 2, 8}, new int[] {1, 0}).budgets())
                .isEqualTo(List.of(2, 8));
        try (LanguageModel model = LanguageModel.open(Fixtures.model("tiny-qwen2"))) {
            BudgetSweep sweep = Reasoner.of(model)
                    .sweep(
                            ReasoningRequest.builder()
                                    .user("x")
                                    .maxAnswerTokens(1)
                                    .build(),
                            BudgetGrid.of(1, 2));
            assertThat(sweep.cells().keySet())
                    .isEqualTo(Set.of(new BudgetSweep.Cell(1, 0), new BudgetSweep.Cell(2, 0)));
            assertThatThrownBy(() -> sweep.result(3, 0))
                    .hasMessageContaining("3")
                    .hasMessageContaining("[1, 2]");
        }
    }

    @Test
    void interruptingTheCallerCancelsIt() throws Exception {
        CountingDecoder[] counter = new CountingDecoder[1];
        try (LanguageModel model = LanguageModel.open(
                Fixtures.model("tiny-qwen2"), ModelOptions.defaults(), d -> counter[0] = new CountingDecoder(d))) {
            counter[0].sleepMillis = 3;
            Throwable[] thrown = new Throwable[1];
            Thread caller = new Thread(() -> {
                try {
                    Reasoner.of(model)
                            .sweep(ReasoningRequest.builder().user("x").build(), BudgetGrid.of(0, 5, 10, 700));
                } catch (CancellationException e) {
                    thrown[0] = e;
                }
            });
            caller.start();
            while (counter[0].steps < 20) {
                Thread.sleep(1);
            }
            caller.interrupt();
            caller.join();
            assertThat(thrown[0]).isInstanceOf(CancellationException.class);
            OpenModelTest.awaitIdle(model);
            assertThat(model.metrics().kvBlocksUsed()).isZero();
        }
    }
}
