package dev.m1;

import static dev.m1.thinking.ThinkingBudget.upTo;
import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.testing.Fixtures;
import dev.m1.testing.Seeds;
import dev.m1.thinking.FinishReason;
import dev.m1.thinking.ThinkingEnd;
import dev.m1.thinking.ThinkingProtocol;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Several callers at each of hundreds of handles: answerNow, setBudget up and down, and cancel race each other, the
 * engine, and a KV pool that is too small. Whatever wins, the outcome is one that could have been asked for, and its
 * tokens are those of a run that was asked for it alone.
 */
@Timeout(300)
class LiveControlStressTest {
    private static final long SEED = Seeds.seed(4096);
    private static final int REQUESTS = 300;
    private static final int CALLERS = 3;
    private static final int MOST = 60; // thinking tokens that anybody asks for

    /** A request and everything its callers ask for, written down before they ask. */
    private static final class Race {
        final ReasoningRequest request;
        final Queue<Integer> budgets = new ConcurrentLinkedQueue<>();
        volatile boolean answerNow;
        volatile boolean cancel;
        ReasoningHandle handle;

        Race(ReasoningRequest request) {
            this.request = request;
            budgets.add(request.budget().maxTokens());
        }

        void ask(Random random) {
            switch (random.nextInt(8)) {
                case 0 -> {
                    answerNow = true;
                    handle.answerNow();
                }
                case 1 -> {
                    cancel = true;
                    handle.cancel();
                }
                default -> {
                    int budget = random.nextInt(MOST);
                    budgets.add(budget);
                    handle.setBudget(budget);
                }
            }
        }
    }

    @Test
    void racingCallersGetALegalOutcome() throws Exception {
        Random random = new Random(SEED);
        ModelOptions options = ModelOptions.builder()
                .contextTokens(200)
                .maxSequences(10)
                .kvTokens(500)
                .maxStepTokens(40)
                .threads(1)
                .build();
        CountingDecoder[] counter = new CountingDecoder[1];
        List<Race> races = new ArrayList<>();
        List<ReasoningResult> results = new ArrayList<>();
        try (LanguageModel model = LanguageModel.open(
                Fixtures.model("tiny-qwen2"), options, d -> counter[0] = new CountingDecoder(d))) {
            Reasoner reasoner = Reasoner.of(model);
            ThinkingProtocol stopping = RandomRequests.withStops(ThinkingProtocol.M1, model, random);
            try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < REQUESTS; i++) {
                    ReasoningRequest.Builder b = RandomRequests.request(random, MOST);
                    b.budget(upTo(random.nextInt(MOST)));
                    b.protocol(random.nextInt(3) == 0 ? stopping : ThinkingProtocol.M1);
                    if (random.nextInt(4) == 0) {
                        b.probe(random.nextBoolean() ? ProbeSettings.text(3, 5) : ProbeSettings.letters(4, "A", "B"));
                    }
                    Race race = new Race(b.build());
                    races.add(race);
                    race.handle = reasoner.submit(race.request, new ReasoningListener() {});
                    for (int c = 0; c < CALLERS && i % 10 != 0; c++) {
                        Random own = new Random(random.nextLong());
                        callers.submit(() -> {
                            for (int k = own.nextInt(4); k >= 0; k--) {
                                Thread.sleep(own.nextInt(4));
                                race.ask(own);
                            }
                            return null;
                        });
                    }
                    if (i % 20 == 19) {
                        race.handle.result().get(100, TimeUnit.SECONDS); // so that later ones are not only queued
                    }
                }
                for (Race race : races) {
                    results.add(race.handle.result().get(200, TimeUnit.SECONDS));
                }
            }
            OpenModelTest.awaitIdle(model);
            assertThat(model.metrics().kvBlocksUsed()).as("blocks lost").isZero();
            long fed = results.stream().mapToLong(r -> r.usage().fedTokens()).sum();
            assertThat(fed).as("all ledgers, seed " + SEED).isEqualTo(counter[0].tokens);
        }
        Map<ThinkingEnd, Integer> ends = new EnumMap<>(ThinkingEnd.class);
        try (LanguageModel model = LanguageModel.open(
                Fixtures.model("tiny-qwen2"),
                ModelOptions.builder().contextTokens(300).threads(1).build())) {
            Reasoner reasoner = Reasoner.of(model);
            for (int i = 0; i < REQUESTS; i++) {
                check(races.get(i), results.get(i), reasoner, "seed " + SEED + " request " + i);
                ends.merge(results.get(i).thinkingEnd(), 1, Integer::sum);
            }
        }
        assertThat(ends.keySet())
                .as("what happened: " + ends)
                .contains(ThinkingEnd.NATURAL, ThinkingEnd.BUDGET, ThinkingEnd.ANSWER_NOW, ThinkingEnd.CANCELLED);
    }

    private static void check(Race race, ReasoningResult r, Reasoner reasoner, String what) {
        ReasoningResult unlimited = cutAt(MOST + 1, race, reasoner);
        int[] thinking = r.thinkingIds();
        assertThat(thinking).as(what).isEqualTo(Arrays.copyOf(unlimited.thinkingIds(), thinking.length));
        switch (r.thinkingEnd()) {
            case NATURAL -> {
                assertThat(unlimited.thinkingEnd()).as(what).isEqualTo(ThinkingEnd.NATURAL);
                assertThat(thinking).as(what).hasSameSizeAs(unlimited.thinkingIds());
            }
            case BUDGET -> {
                int least = race.budgets.stream().mapToInt(b -> b).min().orElseThrow();
                int most = race.budgets.stream().mapToInt(b -> b).max().orElseThrow();
                assertThat(thinking.length).as(what).isBetween(least, most);
            }
            case ANSWER_NOW -> assertThat(race.answerNow).as(what).isTrue();
            case CANCELLED -> assertThat(race.cancel).as(what).isTrue();
            default -> throw new AssertionError(what + ": " + r.thinkingEnd());
        }
        boolean cut = r.thinkingEnd() == ThinkingEnd.BUDGET || r.thinkingEnd() == ThinkingEnd.ANSWER_NOW;
        ReasoningResult alone = cut ? cutAt(thinking.length, race, reasoner) : unlimited;
        if (r.thinkingEnd() == ThinkingEnd.CANCELLED) {
            assertThat(r.answerEnd()).as(what).isEqualTo(FinishReason.CANCELLED);
            assertThat(r.answerIds()).as(what).isEmpty();
        } else if (alone.thinkingEnd() == ThinkingEnd.NATURAL && cut) {
            assertThat(thinking).as(what).hasSameSizeAs(unlimited.thinkingIds()); // cut where it would have ended
        } else if (r.answerEnd() == FinishReason.CANCELLED) {
            assertThat(race.cancel).as(what).isTrue();
            int[] begun = r.answerIds();
            assertThat(begun).as(what).isEqualTo(Arrays.copyOf(alone.answerIds(), begun.length));
        } else {
            assertThat(r.answerIds()).as(what).isEqualTo(alone.answerIds());
            assertThat(r.answer()).as(what).isEqualTo(alone.answer());
        }
    }

    private static ReasoningResult cutAt(int tokens, Race race, Reasoner reasoner) {
        ReasoningRequest r = race.request;
        return reasoner.reason(ReasoningRequest.builder()
                .messages(r.messages())
                .budget(upTo(tokens))
                .maxAnswerTokens(r.maxAnswerTokens())
                .sampling(r.sampling())
                .protocol(r.protocolOverride().orElseThrow())
                .build());
    }
}
