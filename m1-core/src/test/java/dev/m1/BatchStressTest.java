package dev.m1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.errors.CapacityException;
import dev.m1.testing.Fixtures;
import dev.m1.testing.Seeds;
import dev.m1.thinking.ThinkingProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Mixed requests through a KV pool that is too small for them: cancelled ones, throwing listeners, probes, sweeps and
 * votes among them. Every result is the one its request has alone, and no block is lost.
 */
@Timeout(300)
class BatchStressTest {
    private static final long SEED = Seeds.seed(48_2504_00869L);
    private static final int JOBS = 1000;
    private static final String MODEL = "tiny-qwen2";

    private static final List<MixedJob> JOBS_ALONE = new ArrayList<>();

    private static ModelOptions small() {
        return ModelOptions.builder()
                .contextTokens(200)
                .maxSequences(12)
                .kvTokens(640)
                .maxStepTokens(48)
                .threads(1)
                .build();
    }

    @BeforeAll
    static void eachAlone() {
        Random random = new Random(SEED);
        try (LanguageModel model = LanguageModel.open(
                Fixtures.model(MODEL), ModelOptions.builder().threads(1).build())) {
            Reasoner reasoner = Reasoner.of(model);
            ThinkingProtocol stopping = RandomRequests.withStops(ThinkingProtocol.M1, model, random);
            for (int i = 0; i < JOBS; i++) {
                MixedJob job = MixedJob.random(random, stopping);
                job.alone(reasoner);
                JOBS_ALONE.add(job);
            }
        }
    }

    @Test
    void aThousandMixedRequestsAtOnce() throws Exception {
        among(JOBS);
    }

    @Test
    void aThousandMixedRequestsFromTwoHundredVirtualThreads() throws Exception {
        among(200);
    }

    /** Runs all jobs from so many virtual threads, each of which takes the next one when it is done. */
    private static void among(int threads) throws Exception {
        try (LanguageModel model = LanguageModel.open(Fixtures.model(MODEL), small());
                ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            Reasoner reasoner = Reasoner.of(model);
            Queue<Integer> next = new ConcurrentLinkedQueue<>();
            for (int i = 0; i < JOBS; i++) {
                next.add(i);
            }
            List<Future<Void>> all = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                all.add(callers.submit(() -> {
                    for (Integer i = next.poll(); i != null; i = next.poll()) {
                        JOBS_ALONE.get(i).among(reasoner, "seed " + SEED + " job " + i);
                    }
                    return null;
                }));
            }
            for (Future<Void> f : all) {
                f.get(250, TimeUnit.SECONDS);
            }
            OpenModelTest.awaitIdle(model);
            assertThat(model.metrics().kvBlocksUsed()).as("blocks lost, seed " + SEED).isZero();
            assertThat(model.metrics().preemptions())
                    .as("the pool was too small")
                    .isPositive();
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
                            : RandomRequests.request(random, 30).build());
        }
        try (LanguageModel model = LanguageModel.open(Fixtures.model(MODEL), small())) {
            Reasoner reasoner = Reasoner.of(model);
            List<BatchProgress> heard = new ArrayList<>();
            Thread caller = Thread.currentThread();
            List<Outcome> outcomes = reasoner.reasonAll(requests, p -> {
                heard.add(p);
                assertThat(Thread.currentThread()).isSameAs(caller);
                if (p.done() == 5) {
                    throw new IllegalStateException("the callback's own fault");
                }
                if (p.done() == 6) {
                    throw new LinkageError("the callback's own, too");
                }
            });
            assertThat(outcomes).hasSize(60);
            for (int i = 0; i < 60; i++) {
                if (i % 20 == 7) {
                    assertThat(outcomes.get(i).failure()).isInstanceOf(CapacityException.class);
                } else {
                    ReasoningResult alone = reasoner.reason(requests.get(i));
                    assertThat(outcomes.get(i).result().thinkingIds()).isEqualTo(alone.thinkingIds());
                    assertThat(outcomes.get(i).result().answerIds()).isEqualTo(alone.answerIds());
                }
            }
            assertThat(heard).hasSize(60);
            assertThat(heard.stream().map(BatchProgress::index)).doesNotHaveDuplicates();
            BatchProgress last = heard.get(59);
            assertThat(last.done()).isEqualTo(60);
            assertThat(last.failed()).isEqualTo(3);
            assertThat(reasoner.reasonAll(List.of(), p -> {})).isEmpty();
        }
    }
}
