package dev.m1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.sampling.Sampling;
import dev.m1.thinking.FinishReason;
import dev.m1.thinking.LoopGuard;
import dev.m1.thinking.ThinkingEnd;
import dev.m1.thinking.ThinkingProtocol;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** One of many things a host asks of a model, which can be run alone and among others, and compared. */
interface MixedJob {
    /** Runs it alone; {@link #among} compares with what came of it. */
    void alone(Reasoner reasoner);

    /** Runs it in the calling thread while others run, and compares. */
    void among(Reasoner reasoner, String what) throws Exception;

    /** Of any kind: plain, cancelled, with a throwing listener, with probes or a loop guard, a sweep, a vote. */
    static MixedJob random(Random random, ThinkingProtocol stopping) {
        ReasoningRequest.Builder b = RandomRequests.request(random, 30);
        if (random.nextInt(3) == 0) {
            b.protocol(stopping);
        }
        int kind = random.nextInt(100);
        if (kind < 10) {
            int[] budgets = random.ints(3, 0, 25).toArray();
            return new Sweep(b.build(), BudgetGrid.of(budgets, new int[] {0, 1 + random.nextInt(3)}));
        }
        if (kind < 20) {
            b.sampling(Sampling.builder().temperature(1).seed(random.nextInt(50)).build());
            return new Votes(b.build(), 2 + random.nextInt(4));
        }
        if (kind < 35) {
            ProbeSettings probe = random.nextBoolean()
                    ? ProbeSettings.letters(1 + random.nextInt(6), "A", "B", "C")
                    : ProbeSettings.text(2 + random.nextInt(6), 1 + random.nextInt(4));
            b.probe(random.nextBoolean() ? probe : probe.stopWhen(ProbeSettings.converged(2)));
        }
        if (kind < 45) {
            b.loopGuard(new LoopGuard(4, 3));
        }
        boolean throwing = random.nextInt(20) == 0;
        return new One(b.build(), throwing, random.nextInt(12) == 0 ? random.nextInt(30) : -1);
    }

    /** One request, possibly cancelled after some ms. */
    final class One implements MixedJob {
        private final ReasoningRequest request;
        private final boolean throwing;
        private final int cancelAfterMillis; // -1 = never
        private ReasoningResult alone;

        One(ReasoningRequest request, boolean throwing, int cancelAfterMillis) {
            this.request = request;
            this.throwing = throwing;
            this.cancelAfterMillis = cancelAfterMillis;
        }

        @Override
        public void alone(Reasoner reasoner) {
            alone = reasoner.reason(request);
        }

        @Override
        public void among(Reasoner reasoner, String what) throws Exception {
            ReasoningHandle handle = reasoner.submit(request, new ReasoningListener() {
                @Override
                public void onThinking(String piece) {
                    if (throwing) {
                        throw new IllegalStateException("a listener's own fault");
                    }
                }
            });
            if (cancelAfterMillis >= 0) {
                Thread.sleep(cancelAfterMillis);
                handle.cancel();
            }
            ReasoningResult r = handle.result().get();
            if (r.answerEnd() == FinishReason.CANCELLED) {
                assertThat(cancelAfterMillis).as(what).isNotNegative();
                assertThat(r.thinkingIds()).as(what).isEqualTo(head(alone.thinkingIds(), r.thinkingIds().length));
                assertThat(r.answerIds()).as(what).isEqualTo(head(alone.answerIds(), r.answerIds().length));
            } else {
                assertSame(r, alone, what);
            }
        }

        private static int[] head(int[] ids, int length) {
            return Arrays.copyOf(ids, length);
        }
    }

    /** A grid, whose cells fork off each other. */
    final class Sweep implements MixedJob {
        private final ReasoningRequest request;
        private final BudgetGrid grid;
        private BudgetSweep alone;

        Sweep(ReasoningRequest request, BudgetGrid grid) {
            this.request = request;
            this.grid = grid;
        }

        @Override
        public void alone(Reasoner reasoner) {
            alone = reasoner.sweep(request, grid);
            for (BudgetSweep.Cell c : grid.cells()) {
                ReasoningResult separate = reasoner.reason(
                        request.withBudget(request.budget().withMaxTokens(c.budget()).withWaits(c.waits())));
                assertSame(alone.cells().get(c), separate, request + " " + c);
            }
        }

        @Override
        public void among(Reasoner reasoner, String what) {
            BudgetSweep sweep = reasoner.sweep(request, grid);
            grid.cells().forEach(c -> assertSame(sweep.cells().get(c), alone.cells().get(c), what + " " + c));
        }
    }

    /** Samples that fork off one prompt; which of them are counted depends on the load, the winner does not. */
    final class Votes implements MixedJob {
        private final ReasoningRequest request;
        private final int samples;
        private List<ReasoningResult> alone;

        Votes(ReasoningRequest request, int samples) {
            this.request = request;
            this.samples = samples;
        }

        private static String key(ReasoningResult r) {
            return r.answerIds().length == 0 ? null : "ABC".substring(r.answerIds()[0] % 3).substring(0, 1);
        }

        @Override
        public void alone(Reasoner reasoner) {
            alone = reasoner.vote(request, samples, r -> null).samples(); // nobody votes, so none is stopped
            assertThat(alone).hasSize(samples);
        }

        @Override
        public void among(Reasoner reasoner, String what) {
            Vote vote = reasoner.vote(request, samples, Votes::key);
            int at = 0;
            for (ReasoningResult r : vote.samples()) {
                while (!Arrays.equals(alone.get(at).thinkingIds(), r.thinkingIds())
                        || !Arrays.equals(alone.get(at).answerIds(), r.answerIds())) {
                    at++;
                    assertThat(at).as(what + ": a sample that is none of those alone").isLessThan(samples);
                }
                at++;
            }
            Map<String, Integer> counts = new HashMap<>();
            alone.stream().map(Votes::key).filter(k -> k != null).forEach(k -> counts.merge(k, 1, Integer::sum));
            int most = counts.values().stream().mapToInt(n -> n).max().orElse(0);
            String winner = IntStream.range(0, samples)
                    .mapToObj(i -> key(alone.get(i)))
                    .filter(k -> k != null && counts.get(k) == most)
                    .findFirst()
                    .orElse(null);
            assertThat(vote.winner().orElse(null)).as(what).isEqualTo(winner);
        }
    }

    private static void assertSame(ReasoningResult r, ReasoningResult alone, String what) {
        assertThat(r.thinkingIds()).as(what).isEqualTo(alone.thinkingIds());
        assertThat(r.answerIds()).as(what).isEqualTo(alone.answerIds());
        assertThat(r.answer()).as(what).isEqualTo(alone.answer());
        assertThat(r.thinkingEnd()).as(what).isEqualTo(alone.thinkingEnd());
        assertThat(r.answerEnd()).as(what).isEqualTo(alone.answerEnd());
        assertThat(r.thinkingEnd()).as(what).isNotEqualTo(ThinkingEnd.CANCELLED);
        assertThat(r.probes()).as(what).isEqualTo(alone.probes());
        Usage a = alone.usage();
        Usage u = r.usage();
        // what is taken over or computed again depends on the load, the rest does not
        assertThat(u.promptTokens() + u.thinkingTokens() + u.injectedTokens() + u.answerTokens() - u.unfedTokens())
                .as(what)
                .isEqualTo(a.promptTokens()
                        + a.thinkingTokens()
                        + a.injectedTokens()
                        + a.answerTokens()
                        - a.unfedTokens());
    }
}
