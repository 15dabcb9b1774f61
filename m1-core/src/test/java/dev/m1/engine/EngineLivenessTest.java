package dev.m1.engine;

import static dev.m1.engine.EngineTest.sequence;
import static dev.m1.engine.EngineTest.solo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.errors.ModelClosedException;
import dev.m1.sampling.Sampling;
import dev.m1.spi.KvGeometry;
import dev.m1.spi.Limits;
import dev.m1.spi.StepBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever drivers, decoders and other threads do: everybody is told how it ended, and the others go on. */
@Timeout(120)
class EngineLivenessTest {
    private static final int CONTEXT = 64;

    private static Engine engine(HashDecoder decoder, int rows) {
        return new Engine(
                decoder, HashDecoder.VOCAB, new Limits(CONTEXT, rows, 32, 1000, Limits.KvType.F32, 1));
    }

    /** Never has enough; feeds its last id again and again. */
    private static final class Endless extends Collect {
        final CountDownLatch started = new CountDownLatch(1);

        Endless() {
            super(Integer.MAX_VALUE);
        }

        @Override
        public void onSampled(Sequence s, int id) {
            started.countDown();
            s.truncate(1);
            s.append(id);
        }
    }

    @Test
    void aCancelIsNotLostWhileOthersComeIn() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        try (Engine engine = engine(new HashDecoder(4, 64, -1), 8)) {
            Thread arrivals = new Thread(() -> {
                while (!enough.get()) {
                    Collect c = new Collect(1);
                    engine.submit(sequence(new int[] {1, 2}, 3, c));
                    c.result.join();
                }
            });
            arrivals.start();
            for (int i = 0; i < 3000; i++) {
                Endless runner = new Endless();
                Sequence s = sequence(new int[] {7}, 2, runner);
                engine.submit(s);
                runner.started.await();
                engine.cancel(s);
                runner.get();
                assertThat(runner.end).isEqualTo(SequenceEnd.CANCELLED);
            }
            enough.set(true);
            arrivals.join();
        }
    }

    /** An older sequence that finds its prefix cached, but has no room for the rest, must not keep what it found. */
    @Test
    void whoWaitsHoldsNoBlocksThatAYoungerOneNeeds() {
        Scheduler scheduler = new Scheduler(new BlockManager(new KvGeometry(4, 4, 16)), 4, 32);
        Sequence older = sequence(new int[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 16, new Collect(9));
        Sequence younger = sequence(new int[] {20, 21, 22}, 16, new Collect(9));
        scheduler.add(older);
        step(scheduler);
        older.hold();
        scheduler.add(younger);
        while (younger.length() < 9) {
            assertThat(step(scheduler)).as("somebody steps, or gives blocks back").isLessThan(50);
        }
        assertThat(older.cached()).as("it had to give its blocks back").isZero();
        older.resume(); // two of its blocks are still known; it needs a third, and so does the younger one
        int before = younger.cached();
        for (int i = 0; i < 4; i++) {
            step(scheduler);
        }
        assertThat(younger.cached()).isGreaterThan(before);
    }

    private int steps;

    /** A step whose decoder always samples 30. */
    private int step(Scheduler scheduler) {
        StepBatch batch = new StepBatch(4);
        scheduler.admit();
        List<Sequence> rows = new ArrayList<>(scheduler.schedule(batch));
        for (int i = 0; i < rows.size(); i++) {
            rows.get(i).advance(batch.row(i).length());
            rows.get(i).append(30);
        }
        return ++steps;
    }

    @Test
    void aDriverThatFailsAtItsEndHearsOfItAsAFailure() throws Exception {
        try (Engine engine = engine(new HashDecoder(4, 16, -1), 2)) {
            for (SequenceEnd at : List.of(SequenceEnd.FINISHED, SequenceEnd.CANCELLED, SequenceEnd.EXPIRED)) {
                Collect c = new Collect(at == SequenceEnd.FINISHED ? 2 : 1_000_000) {
                    @Override
                    public void onSampled(Sequence s, int id) {
                        s.truncate(1);
                        super.onSampled(s, id);
                    }

                    @Override
                    public void onEnd(Sequence s, SequenceEnd how, Throwable failure) {
                        if (how == at) {
                            throw new IllegalStateException("at " + how);
                        }
                        super.onEnd(s, how, failure);
                    }
                };
                Sequence s = sequence(new int[] {1}, 10, c);
                if (at == SequenceEnd.EXPIRED) {
                    s.expireAt(System.nanoTime());
                }
                engine.submit(s);
                if (at == SequenceEnd.CANCELLED) {
                    engine.cancel(s);
                }
                assertThatThrownBy(c::get).cause().hasMessage("at " + at);
                assertThat(c.end).isEqualTo(SequenceEnd.FAILED);
            }
            Collect next = new Collect(3);
            engine.submit(sequence(new int[] {4}, 10, next));
            assertThat(next.get()).isEqualTo(solo(new int[] {4}, 3));
        }
    }

    @Test
    void anErrorInADriverHarmsOnlyItsOwnSequence() throws Exception {
        try (Engine engine = engine(new HashDecoder(4, 16, -1), 2)) {
            Collect bad = new Collect(3) {
                @Override
                public void onSampled(Sequence s, int id) {
                    throw new LinkageError("a host's class is missing");
                }
            };
            Collect good = new Collect(9);
            engine.submit(sequence(new int[] {1}, 10, bad));
            engine.submit(sequence(new int[] {2}, 11, good));
            assertThatThrownBy(bad::get).cause().isInstanceOf(LinkageError.class);
            assertThat(good.get()).isEqualTo(solo(new int[] {2}, 9));
        }
    }

    @Test
    void aRowTheDecoderRefusesHarmsOnlyItsOwnSequence() throws Exception {
        HashDecoder decoder = new HashDecoder(4, 40, -1);
        decoder.stepNanos = 1_000_000; // so that the three run in one batch
        try (Engine engine = engine(decoder, 3)) {
            Collect a = new Collect(12);
            Collect bad = new Collect(12) {
                @Override
                public void onSampled(Sequence s, int id) {
                    super.onSampled(s, got == 4 ? HashDecoder.VOCAB : id);
                }
            };
            Collect b = new Collect(12);
            engine.submit(sequence(new int[] {1}, 20, a));
            engine.submit(sequence(new int[] {2}, 20, bad));
            engine.submit(sequence(new int[] {3}, 20, b));
            assertThat(a.get()).isEqualTo(solo(new int[] {1}, 12));
            assertThat(b.get()).isEqualTo(solo(new int[] {3}, 12));
            assertThatThrownBy(bad::get).cause().isInstanceOf(IllegalArgumentException.class);
            assertThat(bad.got).isEqualTo(5);
        }
    }

    @Test
    void anInterruptOfItsThreadDoesNotStopTheEngine() throws Exception {
        try (Engine engine = engine(new HashDecoder(4, 16, -1), 2)) {
            for (int i = 0; i < 3; i++) {
                Collect c = new Collect(2) {
                    @Override
                    public void onEnd(Sequence s, SequenceEnd how, Throwable failure) {
                        Thread.currentThread().interrupt(); // the engine's, which then has nothing to do
                        super.onEnd(s, how, failure);
                    }
                };
                engine.submit(sequence(new int[] {i}, 3, c));
                assertThat(c.get()).isEqualTo(solo(new int[] {i}, 2));
            }
        }
    }

    @Test
    void anEngineThatStoppedSaysWhy() throws Exception {
        HashDecoder decoder = new HashDecoder(4, 16, -1);
        decoder.error = new LinkageError("no such kernel");
        try (Engine engine = engine(decoder, 2)) {
            Collect c = new Collect(2);
            engine.submit(sequence(new int[] {1}, 3, c));
            assertThatThrownBy(c::get).cause().isSameAs(decoder.error);
            assertThatThrownBy(() -> engine.submit(sequence(new int[] {1}, 3, new Collect(2))))
                    .isInstanceOf(ModelClosedException.class)
                    .hasMessageContaining("no such kernel");
        }
    }

    @Test
    void whoseTimeIsOverLeavesFromWhereverItIs() throws Exception {
        HashDecoder decoder = new HashDecoder(4, 16, -1);
        try (Engine engine = engine(decoder, 1)) {
            Endless row = new Endless(); // has the only row
            Sequence busy = sequence(new int[] {1}, 2, row);
            engine.submit(busy);
            Collect waiting = new Collect(5);
            Sequence w = sequence(new int[] {2}, 6, waiting);
            w.expireAt(System.nanoTime() + 20_000_000);
            engine.submit(w);
            Collect patient = new Collect(5);
            Sequence p = sequence(new int[] {3}, 8, patient);
            p.expireAt(System.nanoTime() + TimeUnit.HOURS.toNanos(1));
            engine.submit(p);
            assertThat(waiting.get()).containsExactly(2);
            assertThat(waiting.end).isEqualTo(SequenceEnd.EXPIRED);
            assertThat(w.fed()).isZero();
            engine.cancel(busy);
            assertThat(patient.get()).isEqualTo(solo(new int[] {3}, 5));

            Endless running = new Endless();
            Sequence r = sequence(new int[] {4}, 2, running);
            r.expireAt(System.nanoTime() + 20_000_000);
            engine.submit(r);
            running.get();
            assertThat(running.end).isEqualTo(SequenceEnd.EXPIRED);

            Collect holding = new Collect(9) {
                @Override
                public void onSampled(Sequence s, int id) {
                    super.onSampled(s, id);
                    s.fork(s.length(), 0, new Endless()); // keeps the engine busy
                    s.hold();
                }
            };
            Sequence h = sequence(new int[] {5}, 3, holding);
            h.expireAt(System.nanoTime() + 20_000_000);
            engine.submit(h);
            assertThat(holding.get()).isEqualTo(solo(new int[] {5}, 1));
            assertThat(holding.end).isEqualTo(SequenceEnd.EXPIRED);
        }
    }

    @Test
    void aForkCopiesOneBlockAtMost() throws Exception {
        HashDecoder decoder = new HashDecoder(4, 200, -1);
        for (int length : new int[] {5, 8, 40, 59}) {
            int forks = 6;
            List<Collect> children = new ArrayList<>();
            Collect parent = new Collect(3) {
                @Override
                public void onSampled(Sequence s, int id) {
                    for (int i = 0; got == 0 && i < forks; i++) {
                        Collect child = new Collect(2);
                        children.add(child);
                        s.fork(s.length(), i, child).append(60 + i);
                    }
                    super.onSampled(s, id);
                }
            };
            int[] prompt = new int[length];
            int before = decoder.copiedBlocks;
            try (Engine engine = engine(decoder, 8)) {
                engine.submit(new Sequence(prompt, length, CONTEXT, Sampling.greedy(), 0, parent));
                assertThat(parent.get()).isEqualTo(solo(prompt, 3));
                for (int i = 0; i < forks; i++) {
                    int[] with = Arrays.copyOf(prompt, length + 1);
                    with[length] = 60 + i;
                    assertThat(children.get(i).get()).isEqualTo(solo(with, 2));
                }
            }
            // whole blocks are shared for good; of a partial one, all but its last holder get a copy
            assertThat(decoder.copiedBlocks - before).isEqualTo(length % 4 == 0 ? 0 : forks);
        }
    }

    @Test
    void rewindingCopiesNothing() throws Exception {
        HashDecoder decoder = new HashDecoder(4, 40, -1);
        int[] prompt = {1, 2, 3, 4, 5, 6};
        Collect c = new Collect(6) {
            @Override
            public void onSampled(Sequence s, int id) {
                if (got == 3) {
                    s.truncate(5);
                }
                super.onSampled(s, id);
            }
        };
        try (Engine engine = engine(decoder, 2)) {
            engine.submit(sequence(prompt, 20, c));
            c.get();
            assertThat(decoder.copiedBlocks).isZero();
        }
    }
}
