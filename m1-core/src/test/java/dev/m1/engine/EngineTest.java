package dev.m1.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.errors.BackendException;
import dev.m1.errors.CapacityException;
import dev.m1.errors.ModelClosedException;
import dev.m1.errors.NonFiniteLogitsException;
import dev.m1.sampling.Sampling;
import dev.m1.spi.Limits;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class EngineTest {
    private static final int CONTEXT = 64;

    private static Limits limits(int maxSequences, int maxStepTokens) {
        return new Limits(CONTEXT, maxSequences, maxStepTokens, 1000, Limits.KvType.F32, 1);
    }

    static Sequence sequence(int[] prompt, int maxTokens, SequenceDriver driver) {
        return new Sequence(prompt, prompt.length, maxTokens, Sampling.greedy(), 0, driver);
    }

    static int[] solo(int[] prompt, int newTokens) {
        int[] ids = Arrays.copyOf(prompt, prompt.length + newTokens);
        for (int i = prompt.length; i < ids.length; i++) {
            ids[i] = HashDecoder.next(ids, i);
        }
        return ids;
    }

    @Test
    void decodesInChunksWhatOneCallWould() throws Exception {
        try (Engine engine = new Engine(new HashDecoder(4, 20, -1), HashDecoder.VOCAB, limits(2, 3))) {
            int[] prompt = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
            Collect c = new Collect(12);
            Sequence s = sequence(prompt, 22, c);
            engine.submit(s);
            assertThat(c.get()).isEqualTo(solo(prompt, 12));
            assertThat(s.fed()).isEqualTo(10 + 11);
        }
    }

    @Test
    void manySequencesThroughASmallPoolAreEachAsIfAlone() throws Exception {
        HashDecoder decoder = new HashDecoder(4, 24, -1);
        Random random = new Random(7);
        try (Engine engine = new Engine(decoder, HashDecoder.VOCAB, limits(5, 16))) {
            List<Collect> runs = new ArrayList<>();
            List<int[]> expected = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                int[] prompt = random.ints(1 + random.nextInt(30), 0, HashDecoder.VOCAB)
                        .toArray();
                int n = 1 + random.nextInt(30);
                Collect c = new Collect(n);
                runs.add(c);
                expected.add(solo(prompt, n));
                engine.submit(sequence(prompt, prompt.length + n, c));
            }
            for (int i = 0; i < runs.size(); i++) {
                assertThat(runs.get(i).get()).isEqualTo(expected.get(i));
            }
            assertThat(decoder.mostRows)
                    .as("rows ran together")
                    .isGreaterThan(1)
                    .isLessThanOrEqualTo(5);
            // all blocks are back: one that needs the whole context still runs
            Collect last = new Collect(CONTEXT - 1);
            engine.submit(sequence(new int[] {1}, CONTEXT, last));
            assertThat(last.get()).isEqualTo(solo(new int[] {1}, CONTEXT - 1));
        }
    }

    @Test
    void truncateAndAppendFeedAgainFromThere() throws Exception {
        CompletableFuture<int[]> done = new CompletableFuture<>();
        try (Engine engine = new Engine(new HashDecoder(4, 20, -1), HashDecoder.VOCAB, limits(1, 8))) {
            engine.submit(sequence(new int[] {1, 2, 3, 4, 5, 6}, 40, new SequenceDriver() {
                private int calls;

                @Override
                public void onSampled(Sequence s, int id) {
                    calls++;
                    if (calls == 1) {
                        s.truncate(3);
                        s.append(new int[] {9, 8});
                    } else {
                        s.append(id);
                        s.finish();
                    }
                }

                @Override
                public void onEnd(Sequence s, SequenceEnd end, Throwable failure) {
                    done.complete(s.ids());
                }
            }));
            assertThat(done.get(30, TimeUnit.SECONDS)).isEqualTo(solo(new int[] {1, 2, 3, 9, 8}, 1));
        }
    }

    @Test
    void aForkContinuesAsIfItHadBeenFedItself() throws Exception {
        HashDecoder decoder = new HashDecoder(4, 20, -1);
        Collect child = new Collect(6);
        Collect parent = new Collect(6) {
            @Override
            public void onSampled(Sequence s, int id) {
                super.onSampled(s, id);
                if (got == 3) {
                    Sequence fork = s.fork(s.length() - 1, 0, child);
                    fork.append(77);
                }
            }
        };
        try (Engine engine = new Engine(decoder, HashDecoder.VOCAB, limits(2, 8))) {
            int[] prompt = {1, 2, 3, 4, 5};
            Sequence s = sequence(prompt, 20, parent);
            engine.submit(s);
            assertThat(parent.get()).isEqualTo(solo(prompt, 6));
            int[] forked = Arrays.copyOf(solo(prompt, 2), 8);
            forked[7] = 77;
            assertThat(child.get()).isEqualTo(solo(forked, 6));
            // 5 + 5 for the parent; the child shares 7 and feeds 77 and 5 of its own
            assertThat(decoder.tokens).isEqualTo(5 + 5 + 1 + 5);
        }
    }

    @Test
    void aPrefixThatWasComputedBeforeIsNotFedAgain() throws Exception {
        HashDecoder decoder = new HashDecoder(4, 20, -1);
        int[] shared = {9, 8, 7, 6, 5, 4, 3, 2, 1};
        try (Engine engine = new Engine(decoder, HashDecoder.VOCAB, limits(2, 8))) {
            Collect first = new Collect(2);
            engine.submit(sequence(shared, 20, first));
            assertThat(first.get()).isEqualTo(solo(shared, 2));
            long before = decoder.tokens;
            int[] longer = {9, 8, 7, 6, 5, 4, 3, 2, 50, 51};
            Collect second = new Collect(2);
            Sequence s = sequence(longer, 20, second);
            engine.submit(s);
            assertThat(second.get()).isEqualTo(solo(longer, 2));
            assertThat(s.reused()).isEqualTo(8); // two full blocks
            assertThat(decoder.tokens - before).isEqualTo(2 + 1);
            assertThat(s.fed()).isEqualTo(s.cached() + s.discarded() - s.reused());
        }
    }

    @Test
    void whoIsPreemptedIsComputedAgainAndSoonerOrLaterDone() throws Exception {
        HashDecoder decoder = new HashDecoder(4, 10, -1); // 40 tokens for three sequences of 30
        decoder.stepNanos = 200_000;
        try (Engine engine = new Engine(decoder, HashDecoder.VOCAB, limits(3, 16))) {
            List<Collect> runs = new ArrayList<>();
            List<Sequence> sequences = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                Collect c = new Collect(26);
                runs.add(c);
                sequences.add(sequence(new int[] {i, 1, 2, 3}, 30, c));
            }
            sequences.forEach(engine::submit);
            for (int i = 0; i < 3; i++) {
                assertThat(runs.get(i).get()).isEqualTo(solo(new int[] {i, 1, 2, 3}, 26));
            }
            assertThat(sequences.get(0).discarded())
                    .as("the oldest is never preempted")
                    .isZero();
            assertThat(sequences.get(1).discarded() + sequences.get(2).discarded())
                    .isPositive();
            for (Sequence s : sequences) {
                assertThat(s.fed()).isEqualTo(s.cached() + s.discarded() - s.reused());
            }
            assertThat(engine.snapshot().preemptions()).isPositive();
        }
    }

    @Test
    void forbiddenIdsAreNotSampledOnce() throws Exception {
        int[] prompt = {1, 2, 3};
        int best = HashDecoder.next(prompt, 3);
        CompletableFuture<int[]> done = new CompletableFuture<>();
        try (Engine engine = new Engine(new HashDecoder(4, 20, -1), HashDecoder.VOCAB, limits(1, 8))) {
            Sequence s = sequence(prompt, 10, new SequenceDriver() {
                @Override
                public void onSampled(Sequence sequence, int id) {
                    sequence.append(id);
                    if (sequence.length() == 5) {
                        sequence.finish();
                    }
                }

                @Override
                public void onEnd(Sequence sequence, SequenceEnd end, Throwable failure) {
                    done.complete(sequence.ids());
                }
            });
            s.forbidNext(new int[] {best, (best + 1) % HashDecoder.VOCAB});
            engine.submit(s);
            int[] expected = {1, 2, 3, (best + 2) % HashDecoder.VOCAB, 0};
            expected[4] = HashDecoder.next(expected, 4);
            assertThat(done.get(30, TimeUnit.SECONDS)).isEqualTo(expected);
        }
    }

    @Test
    void nonFiniteLogitsFailOnlyTheSequenceThatHasThem() throws Exception {
        int poison = 96;
        HashDecoder decoder = new HashDecoder(4, 40, poison);
        try (Engine engine = new Engine(decoder, HashDecoder.VOCAB, limits(3, 32))) {
            decoder.stepNanos = 2_000_000; // so that the three run in one batch
            int[] clean = cleanPrompt(poison, 20);
            Collect a = new Collect(20);
            Collect bad = new Collect(20);
            Collect b = new Collect(20);
            engine.submit(sequence(clean, clean.length + 20, a));
            engine.submit(sequence(new int[] {5, poison, 5}, 23, bad));
            engine.submit(sequence(clean, clean.length + 20, b));
            assertThat(a.get()).isEqualTo(solo(clean, 20));
            assertThat(b.get()).isEqualTo(solo(clean, 20));
            assertThatThrownBy(bad::get).cause().isInstanceOf(NonFiniteLogitsException.class);
            assertThat(bad.end).isEqualTo(SequenceEnd.FAILED);
        }
    }

    private static int[] cleanPrompt(int poison, int newTokens) {
        for (int first = 0; ; first++) {
            int[] prompt = {first, 3};
            if (Arrays.stream(solo(prompt, newTokens)).noneMatch(id -> id == poison)) {
                return prompt;
            }
        }
    }

    @Test
    void aDriverThatThrowsHarmsOnlyItsOwnSequence() throws Exception {
        try (Engine engine = new Engine(new HashDecoder(4, 40, -1), HashDecoder.VOCAB, limits(2, 32))) {
            Collect bad = new Collect(9) {
                @Override
                public void onSampled(Sequence s, int id) {
                    throw new IllegalStateException("boom");
                }
            };
            Collect good = new Collect(9);
            engine.submit(sequence(new int[] {1}, 10, bad));
            engine.submit(sequence(new int[] {2}, 11, good));
            assertThatThrownBy(bad::get).cause().hasMessage("boom");
            assertThat(good.get()).isEqualTo(solo(new int[] {2}, 9));
        }
    }

    @Test
    void aFailedStepFailsWhatWasInItAndTheEngineGoesOn() throws Exception {
        HashDecoder decoder = new HashDecoder(4, 40, -1);
        try (Engine engine = new Engine(decoder, HashDecoder.VOCAB, limits(2, 32))) {
            decoder.failure = new BackendException("cuLaunchKernel: 700");
            Collect bad = new Collect(3);
            engine.submit(sequence(new int[] {1}, 4, bad));
            assertThatThrownBy(bad::get).cause().isSameAs(decoder.failure);
            decoder.failure = null;
            Collect good = new Collect(3);
            engine.submit(sequence(new int[] {1}, 4, good));
            assertThat(good.get()).isEqualTo(solo(new int[] {1}, 3));
        }
    }

    @Test
    void cancelKeepsWhatThereIsAndFreesTheRow() throws Exception {
        HashDecoder decoder = new HashDecoder(4, 16, -1);
        decoder.stepNanos = 1_000_000;
        try (Engine engine = new Engine(decoder, HashDecoder.VOCAB, limits(1, 8))) {
            Collect running = new Collect(1000);
            Collect waiting = new Collect(1000);
            Sequence a = sequence(new int[] {1}, CONTEXT, running);
            Sequence b = sequence(new int[] {1}, CONTEXT, waiting);
            engine.submit(a);
            engine.submit(b);
            while (running.got < 3) {
                Thread.sleep(1);
            }
            engine.cancel(b);
            engine.cancel(a);
            int[] kept = running.get();
            assertThat(running.end).isEqualTo(SequenceEnd.CANCELLED);
            assertThat(kept).isEqualTo(solo(new int[] {1}, kept.length - 1));
            assertThat(waiting.get()).containsExactly(1);
            Collect next = new Collect(2);
            engine.submit(sequence(new int[] {4}, CONTEXT, next));
            assertThat(next.get()).isEqualTo(solo(new int[] {4}, 2));
        }
    }

    @Test
    void aCancelBeforeTheFirstStepIsNotLost() throws Exception {
        HashDecoder decoder = new HashDecoder(4, 16, -1);
        try (Engine engine = new Engine(decoder, HashDecoder.VOCAB, limits(1, 8))) {
            for (int i = 0; i < 20_000; i++) {
                Collect c = new Collect(1_000_000);
                Sequence s = sequence(new int[] {1}, CONTEXT, new SequenceDriver() {
                    @Override
                    public void onSampled(Sequence running, int id) {} // feeds its last id again and again

                    @Override
                    public void onEnd(Sequence ended, SequenceEnd end, Throwable failure) {
                        c.onEnd(ended, end, failure);
                    }
                });
                engine.submit(s);
                engine.cancel(s);
                c.get();
                assertThat(c.end).isEqualTo(SequenceEnd.CANCELLED);
            }
        }
    }

    @Test
    void whatCanNeverFitIsRefusedWithBothNumbers() {
        Limits limits = new Limits(CONTEXT, 1, 8, 1000, Limits.KvType.F32, 1);
        try (Engine engine = new Engine(new HashDecoder(4, 10, -1), HashDecoder.VOCAB, limits)) {
            assertThatThrownBy(() -> engine.submit(sequence(new int[] {1}, CONTEXT + 1, new Collect(1))))
                    .isInstanceOf(CapacityException.class)
                    .hasMessageContaining("65")
                    .hasMessageContaining("64");
            assertThatThrownBy(() -> engine.submit(sequence(new int[] {1}, 41, new Collect(1))))
                    .isInstanceOf(CapacityException.class)
                    .hasMessageContaining("11")
                    .hasMessageContaining("10");
        }
    }

    @Test
    void closeFailsWhatIsInFlight() throws Exception {
        HashDecoder decoder = new HashDecoder(4, 16, -1);
        decoder.stepNanos = 1_000_000;
        Engine engine = new Engine(decoder, HashDecoder.VOCAB, limits(1, 8));
        Collect running = new Collect(60);
        Collect waiting = new Collect(60);
        engine.submit(sequence(new int[] {1}, 61, running));
        engine.submit(sequence(new int[] {1}, 61, waiting));
        engine.close();
        engine.close();
        for (Collect c : List.of(running, waiting)) {
            assertThatThrownBy(c::get)
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOf(ModelClosedException.class);
        }
        assertThatThrownBy(() -> engine.submit(sequence(new int[] {1}, 2, new Collect(1))))
                .isInstanceOf(ModelClosedException.class);
    }
}
