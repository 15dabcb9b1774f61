package dev.m1.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.sampling.Sampling;
import dev.m1.spi.Limits;
import dev.m1.testing.Seeds;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Many sequences that fork, rewind, throw and are cancelled, through a KV pool too small for them: each ends with the
 * ids it would have had alone, and no block is lost.
 */
class EngineStressTest {
    private static final int CONTEXT = 96;

    /** Grows to a wanted length; on its way it may rewind, fork itself, or throw. */
    private final class Grower implements SequenceDriver {
        private final Random random;
        private final int wanted;
        private int[] expected; // what the sequence must be, kept by hand
        private int length;
        private int forksLeft;

        Grower(Random random, int[] ids, int length, int wanted, int forks) {
            this.random = random;
            this.expected = Arrays.copyOf(ids, CONTEXT);
            this.length = length;
            this.wanted = wanted;
            this.forksLeft = forks;
            started.add(this);
        }

        @Override
        public void onSampled(Sequence s, int id) {
            if (id != HashDecoder.next(expected, length)) {
                wrong.add("sampled " + id + " after " + Arrays.toString(Arrays.copyOf(expected, length)));
            }
            if (random.nextInt(400) == 0) {
                throw new IllegalStateException("a driver's own fault");
            }
            add(s, id);
            if (forksLeft > 0 && random.nextInt(8) == 0) {
                forksLeft--;
                int keep = 1 + random.nextInt(length);
                Grower child = new Grower(new Random(random.nextLong()), expected, keep, wanted, forksLeft);
                Sequence fork = s.fork(keep, 0, child);
                if (random.nextBoolean()) {
                    child.add(fork, random.nextInt(HashDecoder.VOCAB));
                }
            }
            if (random.nextInt(10) == 0) {
                length -= random.nextInt(Math.min(length, 12));
                s.truncate(length);
                add(s, random.nextInt(HashDecoder.VOCAB));
            }
            if (length >= wanted) {
                s.finish();
            }
        }

        private void add(Sequence s, int id) {
            s.append(id);
            expected[length++] = id;
        }

        @Override
        public void onEnd(Sequence s, SequenceEnd end, Throwable failure) {
            if (!Arrays.equals(s.ids(), Arrays.copyOf(expected, length))) {
                wrong.add("ended as " + Arrays.toString(s.ids()));
            }
            ended.add(end);
            if (ended.size() == started.size()) {
                allEnded.countDown();
            }
        }
    }

    // touched by the engine's thread, and by the test before the first and after the last sequence
    private final List<Grower> started = Collections.synchronizedList(new ArrayList<>());
    private final List<SequenceEnd> ended = Collections.synchronizedList(new ArrayList<>());
    private final List<String> wrong = Collections.synchronizedList(new ArrayList<>());
    private final CountDownLatch allEnded = new CountDownLatch(1);

    @ParameterizedTest
    @CsvSource({"1, 8, 24, 16", "2, 3, 24, 7", "3, 1, 30, 5", "4, 6, 200, 64", "5, 16, 25, 16"})
    @Timeout(120)
    void eachIsAsIfAlone(long ownSeed, int rows, int blocks, int stepTokens) throws Exception {
        long seed = Seeds.seed(ownSeed);
        Limits limits = new Limits(CONTEXT, rows, stepTokens, 1000, Limits.KvType.F32, 1);
        Random random = new Random(seed);
        try (Engine engine = new Engine(new HashDecoder(4, blocks, -1), HashDecoder.VOCAB, limits)) {
            List<Sequence> sequences = new ArrayList<>();
            for (int i = 0; i < 400; i++) {
                int[] prompt = random.ints(1 + random.nextInt(40), 0, 2).toArray(); // prefixes repeat
                int wanted = prompt.length + 1 + random.nextInt(CONTEXT - prompt.length - 1);
                Grower g = new Grower(new Random(random.nextLong()), prompt, prompt.length, wanted, random.nextInt(4));
                sequences.add(new Sequence(prompt, prompt.length, CONTEXT, Sampling.greedy(), 0, g));
            }
            for (Sequence s : sequences) {
                engine.submit(s);
                if (random.nextInt(10) == 0) {
                    engine.cancel(sequences.get(random.nextInt(sequences.size())));
                }
            }
            assertThat(allEnded.await(100, TimeUnit.SECONDS))
                    .as("seed " + seed + ": " + engine.snapshot())
                    .isTrue();
            assertThat(wrong).as("seed " + seed).isEmpty();
            assertThat(ended).contains(SequenceEnd.FINISHED, SequenceEnd.CANCELLED, SequenceEnd.FAILED);
            waitUntilIdle(engine);
            EngineSnapshot m = engine.snapshot();
            assertThat(m.kvBlocksUsed()).as("blocks lost").isZero();
            assertThat(m.running() + m.waiting()).isZero();
            assertThat(m.reusedTokens()).as("prefixes were shared").isPositive();
            if (rows > 1 && blocks < 100) {
                assertThat(m.preemptions()).as("the pool was too small").isPositive();
            }
        }
    }

    private static void waitUntilIdle(Engine engine) throws InterruptedException {
        while (engine.snapshot().running() + engine.snapshot().waiting() > 0) {
            Thread.sleep(1); // the metrics are those of the last step
        }
    }
}
