package dev.m1;

import static dev.m1.thinking.ThinkingBudget.upTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.sampling.Sampling;
import dev.m1.testing.Fixtures;
import dev.m1.thinking.FinishReason;
import dev.m1.thinking.ThinkingEnd;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Mixed requests through a KV pool that is too small for them: cancelled ones, throwing listeners, sweeps and votes
 * among them. Every result is the one its request has alone, and no block is lost.
 */
@Timeout(300)
class BatchStressTest {
    private static final long SEED = 48_2504_00869L;

    private static ModelOptions small() {
        return ModelOptions.builder()
                .contextTokens(200)
                .maxSequences(12)
                .kvTokens(640)
                .maxStepTokens(48)
                .build();
    }

    private static ReasoningRequest request(Random random) {
        Sampling sampling = random.nextBoolean()
                ? Sampling.greedy()
                : Sampling.builder()
                        .temperature(0.9)
                        .topK(40)
                        .seed(random.nextInt(50))
                        .build();
        return ReasoningRequest.builder()
                .user("q".repeat(random.nextInt(3)) + " which is it? " + random.nextInt(40))
                .budget(upTo(random.nextInt(30)).withWaits(random.nextInt(3)))
                .maxAnswerTokens(1 + random.nextInt(12))
                .sampling(sampling)
                .build();
    }

    private static void assertSame(ReasoningResult result, ReasoningResult alone, String what) {
        if (result.thinkingEnd() == ThinkingEnd.CANCELLED || result.answerEnd() == FinishReason.CANCELLED) {
            int[] got = result.thinkingIds();
            assertThat(got).as(what).isEqualTo(Arrays.copyOf(alone.thinkingIds(), got.length));
        } else {
            assertThat(result.thinkingIds()).as(what).isEqualTo(alone.thinkingIds());
            assertThat(result.answerIds()).as(what).isEqualTo(alone.answerIds());
            assertThat(result.answer()).as(what).isEqualTo(alone.answer());
        }
    }

    @Test
    void aThousandMixedRequests() throws Exception {
        Random random = new Random(SEED);
        List<ReasoningRequest> requests = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            requests.add(request(random));
        }
        List<ReasoningResult> alone = new ArrayList<>();
        try (LanguageModel model = LanguageModel.open(Fixtures.model("tiny-qwen2"))) {
            Reasoner reasoner = Reasoner.of(model);
            requests.forEach(r -> alone.add(reasoner.reason(r)));
        }
        try (LanguageModel model = LanguageModel.open(Fixtures.model("tiny-qwen2"), small())) {
            Reasoner reasoner = Reasoner.of(model);
            List<CompletableFuture<ReasoningResult>> results = new ArrayList<>();
            List<ReasoningHandle> handles = new ArrayList<>();
            for (ReasoningRequest r : requests) {
                boolean throwing = random.nextInt(20) == 0;
                handles.add(reasoner.submit(r, new ReasoningListener() {
                    @Override
                    public void onThinking(String piece) {
                        if (throwing) {
                            throw new IllegalStateException("a listener's own fault");
                        }
                    }
                }));
                results.add(handles.get(handles.size() - 1).result());
                if (random.nextInt(25) == 0) {
                    handles.get(random.nextInt(handles.size())).cancel();
                }
            }
            BudgetSweep sweep = reasoner.sweep(requests.get(3), BudgetGrid.of(0, 7, 20));
            for (int i = 0; i < results.size(); i++) {
                assertSame(results.get(i).get(200, TimeUnit.SECONDS), alone.get(i), "seed " + SEED + " request " + i);
            }
            assertThat(sweep.cells()).hasSize(3);
            OpenModelTest.awaitIdle(model);
            assertThat(model.metrics().kvBlocksUsed()).isZero();
            assertThat(model.metrics().preemptions())
                    .as("the pool was too small")
                    .isPositive();
        }
    }

    @Test
    void fromTwoHundredVirtualThreads() throws Exception {
        Random random = new Random(SEED + 1);
        List<ReasoningRequest> requests = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            requests.add(request(random));
        }
        try (LanguageModel model = LanguageModel.open(Fixtures.model("tiny-llama3"), small());
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Reasoner reasoner = Reasoner.of(model);
            List<ReasoningResult> alone =
                    requests.stream().map(reasoner::reason).toList();
            List<Future<ReasoningResult>> together = new ArrayList<>();
            for (ReasoningRequest r : requests) {
                together.add(callers.submit(() -> reasoner.reason(r)));
            }
            for (int i = 0; i < 200; i++) {
                assertSame(together.get(i).get(200, TimeUnit.SECONDS), alone.get(i), "request " + i);
            }
            OpenModelTest.awaitIdle(model);
            assertThat(model.metrics().kvBlocksUsed()).isZero();
        }
    }

    @Test
    void reasonAllKeepsTheOrderAndLosesNothingToAFailure() {
        Random random = new Random(SEED + 2);
        List<ReasoningRequest> requests = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            requests.add(
                    i % 20 == 7
                            ? ReasoningRequest.builder().user("x".repeat(5000)).build()
                            : request(random));
        }
        try (LanguageModel model = LanguageModel.open(Fixtures.model("tiny-qwen2"), small())) {
            Reasoner reasoner = Reasoner.of(model);
            List<BatchProgress> heard = new ArrayList<>();
            List<Outcome> outcomes = reasoner.reasonAll(requests, p -> {
                heard.add(p);
                if (p.done() == 5) {
                    throw new IllegalStateException("the callback's own fault");
                }
            });
            assertThat(outcomes).hasSize(60);
            for (int i = 0; i < 60; i++) {
                if (i % 20 == 7) {
                    assertThat(outcomes.get(i).failure()).isInstanceOf(dev.m1.errors.CapacityException.class);
                } else {
                    assertSame(outcomes.get(i).result(), reasoner.reason(requests.get(i)), "request " + i);
                }
            }
            assertThat(heard).hasSize(60);
            BatchProgress last = heard.get(59);
            assertThat(last.done()).isEqualTo(60);
            assertThat(last.failed()).isEqualTo(3);
            assertThat(reasoner.reasonAll(List.of(), p -> {})).isEmpty();
        }
    }
}
