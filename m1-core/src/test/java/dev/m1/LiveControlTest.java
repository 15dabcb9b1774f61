package dev.m1;

import static dev.m1.thinking.ThinkingBudget.upTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.testing.Fixtures;
import dev.m1.thinking.FinishReason;
import dev.m1.thinking.ThinkingEnd;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * Live control takes effect within one step. The decoder steps on command here: the prompt is one step, and each step
 * samples one token, so after n steps there are n tokens; the step that stands at the gate when something is asked for
 * still happens.
 */
class LiveControlTest extends OpenModelTest {
    private static final int BUDGET = 40;
    private static final int ANSWER = 6;
    private static final ReasoningListener NOBODY = new ReasoningListener() {};

    LiveControlTest() {
        super("tiny-qwen2", ModelOptions.builder().maxSequences(2).threads(1).build());
    }

    private static ReasoningRequest.Builder request() {
        return ReasoningRequest.builder()
                .user("Which one is it?")
                .budget(upTo(BUDGET))
                .maxAnswerTokens(ANSWER);
    }

    /** A run whose next step stands at the gate after so many tokens. */
    private ReasoningHandle after(int tokens, ReasoningRequest request) throws InterruptedException {
        counter.shut();
        ReasoningHandle h = reasoner.submit(request, NOBODY);
        counter.allow(tokens);
        return h;
    }

    private ReasoningResult end(ReasoningHandle h) throws Exception {
        counter.open();
        return h.result().get(60, TimeUnit.SECONDS);
    }

    /** What a run with this budget gives. */
    private ReasoningResult cutAt(int tokens) {
        return reasoner.reason(request().budget(upTo(tokens)).build());
    }

    @Test
    void answerNowKeepsTheTokenOnItsWayAndAnswers() throws Exception {
        for (int tokens : new int[] {1, 5, BUDGET - 1}) {
            ReasoningHandle h = after(tokens, request().build());
            h.answerNow();
            ReasoningResult r = end(h);
            assertThat(r.thinkingEnd()).isEqualTo(ThinkingEnd.ANSWER_NOW);
            assertThat(r.thinkingIds()).hasSize(tokens + 1);
            assertThat(r.answerIds()).isEqualTo(cutAt(tokens + 1).answerIds());
        }
    }

    @Test
    void answerNowAfterTheThinkingDoesNothing() throws Exception {
        ReasoningHandle h = after(BUDGET + 3, request().build());
        h.answerNow();
        ReasoningResult r = end(h);
        assertThat(r.thinkingEnd()).isEqualTo(ThinkingEnd.BUDGET);
        assertThat(r.answerIds()).isEqualTo(cutAt(BUDGET).answerIds());
    }

    @Test
    void aBudgetBelowWhatIsUsedCutsAtOnce() throws Exception {
        for (int budget : new int[] {0, 3, 5}) {
            ReasoningHandle h = after(5, request().build());
            h.setBudget(budget);
            ReasoningResult r = end(h);
            assertThat(r.thinkingEnd()).isEqualTo(ThinkingEnd.BUDGET);
            assertThat(r.thinkingIds()).hasSize(5);
            assertThat(r.answerIds()).isEqualTo(cutAt(5).answerIds());
            assertThat(r.thinkingEndDetail()).isEmpty();
        }
    }

    @Test
    void aBudgetCanMoveBothWaysUntilTheLastMoment() throws Exception {
        ReasoningHandle h = after(BUDGET, request().build()); // the look-ahead step stands at the gate
        h.setBudget(3);
        h.setBudget(BUDGET + 7);
        ReasoningResult r = end(h);
        assertThat(r.thinkingIds()).hasSize(BUDGET + 7);
        assertThat(r.answerIds()).isEqualTo(cutAt(BUDGET + 7).answerIds());

        h = after(10, request().build());
        h.setBudget(12);
        assertThat(end(h).thinkingIds()).hasSize(12);
    }

    @Test
    void cancelLetsNoFurtherStepHappen() throws Exception {
        long before = counter.steps;
        ReasoningHandle h = after(5, request().build());
        h.cancel();
        ReasoningResult r = end(h);
        assertThat(counter.steps - before).isEqualTo(6);
        assertThat(r.thinkingIds()).hasSize(6);
        assertThat(r.thinkingEnd()).isEqualTo(ThinkingEnd.CANCELLED);
        assertThat(r.answerEnd()).isEqualTo(FinishReason.CANCELLED);
        assertThat((long) r.usage().fedTokens()).isEqualTo(counter.tokens);
    }

    @Test
    void aDeadlineThatPassesLetsNoFurtherStepHappen() throws Exception {
        ReasoningResult all = reasoner.reason(request().build());
        long before = counter.steps;
        ReasoningHandle h = after(1, request().deadline(Duration.ofMillis(200)).build());
        Thread.sleep(250);
        ReasoningResult r = end(h);
        assertThat(counter.steps - before).isLessThanOrEqualTo(2);
        assertThat(r.thinkingEnd()).isEqualTo(ThinkingEnd.DEADLINE);
        assertThat(r.answerEnd()).isEqualTo(FinishReason.DEADLINE);
        assertThat(r.thinkingEndDetail()).contains("200 ms");
        assertThat(r.thinkingIds()).isEqualTo(Arrays.copyOf(all.thinkingIds(), (int) (counter.steps - before)));
        assertThat(r.answerIds()).isEmpty();
    }

    @Test
    void aDeadlineThatPassesInTheQueueEndsTheRequestThere() throws Exception {
        try (LanguageModel one = LanguageModel.open(
                Fixtures.model("tiny-qwen2"),
                ModelOptions.builder().maxSequences(1).threads(1).build(),
                d -> counter = new CountingDecoder(d))) {
            Reasoner narrow = Reasoner.of(one);
            counter.shut();
            ReasoningHandle running = narrow.submit(request().build(), NOBODY);
            counter.allow(2);
            ReasoningHandle queued =
                    narrow.submit(request().deadline(Duration.ofMillis(30)).build(), NOBODY);
            Thread.sleep(60);
            counter.allow(1);
            ReasoningResult r = queued.result().get(60, TimeUnit.SECONDS); // while the other goes on
            assertThat(running.result()).isNotDone();
            assertThat(r.thinkingEnd()).isEqualTo(ThinkingEnd.DEADLINE);
            assertThat(r.answerEnd()).isEqualTo(FinishReason.DEADLINE);
            assertThat(r.thinkingEndDetail()).contains("30 ms").contains("before the first token");
            assertThat(r.thinkingIds()).isEmpty();
            assertThat(r.answer()).isEmpty();
            assertThat(r.usage().fedTokens()).isZero();
            ReasoningResult other = end(running);
            assertThat(other.thinkingIds()).isEqualTo(cutAt(BUDGET).thinkingIds());
            assertThat((long) other.usage().fedTokens()).isEqualTo(counter.tokens);
        }
    }

    @Test
    void whatIsAskedForDoesNotWaitForAProbe() throws Exception {
        ReasoningRequest probing = request().probe(ProbeSettings.text(4, 20)).build();
        for (int what = 0; what < 4; what++) {
            long before = counter.steps;
            long tokensBefore = counter.tokens;
            ReasoningHandle h = after(4 + 2, probing); // two steps of a probe after 4 tokens
            switch (what) {
                case 0 -> h.answerNow();
                case 1 -> h.setBudget(2);
                case 2 -> h.cancel();
                default -> h.setBudget(BUDGET + 1); // no reason to drop the probe
            }
            ReasoningResult r = end(h);
            // answer-now keeps the token on its way; cuts and cancels do not take one
            assertThat(r.thinkingIds()).hasSize(new int[] {5, 4, 4, BUDGET + 1}[what]);
            assertThat(r.probes()).hasSize(what < 3 ? 0 : (BUDGET + 1) / 4);
            awaitIdle(model);
            assertThat((long) r.usage().fedTokens())
                    .as("the probe's tokens are in the ledger, dropped or not")
                    .isEqualTo(counter.tokens - tokensBefore);
            if (what == 2) {
                assertThat(counter.steps - before).isEqualTo(4 + 3); // the probe's step that stood at the gate
            }
        }
        awaitIdle(model);
        assertThat(model.metrics().kvBlocksUsed()).isZero();
    }

    @Test
    void aDeadlineThatPassesDuringAProbeDropsItToo() throws Exception {
        ReasoningRequest probing = request()
                .probe(ProbeSettings.text(1, 20))
                .deadline(Duration.ofMillis(1000))
                .build();
        long tokensBefore = counter.tokens;
        ReasoningHandle h = after(3, probing);
        Thread.sleep(1050);
        ReasoningResult r = end(h);
        assertThat(r.thinkingEnd()).isEqualTo(ThinkingEnd.DEADLINE);
        assertThat(r.answerEnd()).isEqualTo(FinishReason.DEADLINE);
        awaitIdle(model);
        assertThat((long) r.usage().fedTokens()).isEqualTo(counter.tokens - tokensBefore);
    }

    @Test
    void aHostMayCloseTheModelFromItsListenerAndItsProgressCallback() throws Exception {
        ReasoningHandle h = reasoner.submit(request().budget(upTo(500)).build(), new ReasoningListener() {
            @Override
            public void onThinking(String piece) {
                model.close();
            }
        });
        assertThat(h.result())
                .failsWithin(Duration.ofSeconds(60))
                .withThrowableThat()
                .withMessageContaining("closed");
        open();
        List<ReasoningRequest> requests = Collections.nCopies(5, request().build());
        List<Outcome> outcomes = reasoner.reasonAll(requests, p -> model.close());
        assertThat(outcomes).hasSize(5);
        assertThat(outcomes).anyMatch(Outcome::succeeded);
    }
}
