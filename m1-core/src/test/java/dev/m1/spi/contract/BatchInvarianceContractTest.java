package dev.m1.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.spi.DType;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import dev.m1.spi.WeightSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A row's result depends on its own tokens only, bit for bit. Every comparison is exact. */
public abstract class BatchInvarianceContractTest {
    private static final int CONTEXT = 170;

    protected abstract Decoder open(ModelSpec spec, WeightSource weights, Limits limits);

    static Stream<Arguments> models() {
        List<Arguments> all = new ArrayList<>();
        long seed = 100;
        for (KvType kv : KvType.values()) {
            for (DType dtype : DType.values()) {
                all.add(Arguments.of(RandomModel.qwen2(dtype, seed), kv, seed++));
            }
            all.add(Arguments.of(RandomModel.qwen3(DType.BF16, seed), kv, seed++));
            all.add(Arguments.of(RandomModel.biased(DType.BF16, seed), kv, seed++));
            all.add(Arguments.of(RandomModel.sharedHead(DType.BF16, seed), kv, seed++));
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}, KV {1}, seed {2}")
    @MethodSource("models")
    public void aRowDependsOnItsOwnTokensOnly(RandomModel model, KvType kv, long seed) {
        Random random = new Random(seed);
        int vocab = model.spec().vocabSize();
        try (Decoder decoder = open(model.spec(), model, new Limits(CONTEXT, 16, 400, 4000, kv, 2));
                Decoder threads = open(model.spec(), model, new Limits(CONTEXT, 16, 400, 4000, kv, 3))) {
            Blocks blocks = new Blocks(decoder, random);
            int[][] ids = new int[5][];
            float[][][] expected = new float[5][][]; // [sequence][position][vocab], token by token and alone
            for (int s = 0; s < ids.length; s++) {
                ids[s] = random.ints(s == 0 ? CONTEXT : 1 + random.nextInt(100), 0, vocab).toArray();
                expected[s] = new float[ids[s].length][];
                Feeder feeder = new Feeder(ids[s], blocks.table());
                for (int p = 0; p < ids[s].length; p++) {
                    expected[s][p] = feeder.feed(decoder, 1, vocab);
                }
            }
            for (int s = 0; s < ids.length; s++) {
                int last = ids[s].length - 1;
                float[] once = new Feeder(ids[s], blocks.table()).feed(decoder, ids[s].length, vocab);
                assertThat(once).as("one prefill of sequence %d", s).isEqualTo(expected[s][last]);
                float[] other = new Feeder(ids[s], blocks.table()).feed(threads, ids[s].length, vocab);
                assertThat(other).as("3 threads, sequence %d", s).isEqualTo(expected[s][last]);
            }
            mixed(decoder, random, blocks, ids, expected);
            forked(decoder, random, blocks, ids[0], expected[0]);
            branched(decoder, random, blocks, ids[0], vocab);
        }
    }

    /** All sequences, some of them twice, in random pieces side by side. */
    private static void mixed(Decoder decoder, Random random, Blocks blocks, int[][] ids, float[][][] expected) {
        blocks.reset();
        List<Feeder> feeders = new ArrayList<>();
        List<float[][]> goals = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            feeders.add(new Feeder(ids[i % ids.length], blocks.table()));
            goals.add(expected[i % ids.length]);
        }
        sideBySide(decoder, random, feeders, goals, false);
    }

    /**
     * Feeds random pieces of all sequences until none is left.
     *
     * @param goals {@code [sequence][position][vocab]}
     * @param silent whether some pieces do not want logits
     */
    private static void sideBySide(
            Decoder decoder, Random random, List<Feeder> feeders, List<float[][]> goals, boolean silent) {
        while (feeders.stream().anyMatch(f -> f.left() > 0)) {
            StepBatch batch = new StepBatch(16);
            List<Integer> fed = new ArrayList<>();
            List<float[]> logits = new ArrayList<>();
            for (int i = 0; i < feeders.size(); i++) {
                Feeder feeder = feeders.get(i);
                if (feeder.left() > 0 && random.nextInt(3) > 0) {
                    int most = Math.min(feeder.left(), random.nextBoolean() ? 1 : 45);
                    int count = 1 + random.nextInt(most);
                    int vocab = goals.get(i)[feeder.position + count - 1].length;
                    fed.add(i);
                    logits.add(silent && random.nextInt(4) == 0 ? null : new float[vocab]);
                    feeder.addTo(batch, count, logits.get(logits.size() - 1));
                }
            }
            if (fed.isEmpty()) {
                continue;
            }
            decoder.step(batch, new StepResult(16));
            for (int j = 0; j < fed.size(); j++) {
                if (logits.get(j) != null) {
                    int position = feeders.get(fed.get(j)).position - 1;
                    assertThat(logits.get(j))
                            .as("sequence %d in row %d of %d, after position %d", fed.get(j), j, fed.size(), position)
                            .isEqualTo(goals.get(fed.get(j))[position]);
                }
            }
        }
    }

    /** A prefix whose whole blocks are shared and whose last one is copied, then fed on in both. */
    private static void forked(Decoder decoder, Random random, Blocks blocks, int[] ids, float[][] expected) {
        int vocab = expected[0].length;
        blocks.reset();
        int cut = 1 + random.nextInt(ids.length - 1);
        Feeder parent = new Feeder(ids, blocks.table());
        parent.feed(decoder, cut, vocab);
        Feeder child = new Feeder(ids, blocks.table());
        int whole = cut / decoder.kv().blockTokens();
        System.arraycopy(parent.table, 0, child.table, 0, whole);
        decoder.copyBlocks(new int[] {parent.table[whole]}, new int[] {child.table[whole]}, 1);
        child.position = cut;
        parent.feed(decoder, parent.left(), vocab);
        assertThat(child.feed(decoder, child.left(), vocab))
                .as("forked at %d", cut)
                .isEqualTo(expected[ids.length - 1]);
    }

    /** Branches that leave a trunk at different places, fed side by side: most of their contexts is the same blocks. */
    private static void branched(Decoder decoder, Random random, Blocks blocks, int[] trunk, int vocab) {
        blocks.reset();
        List<Feeder> branches = new ArrayList<>();
        List<float[][]> goals = new ArrayList<>(); // [branch][position][vocab], each fed alone
        Feeder parent = new Feeder(trunk, blocks.table());
        parent.feed(decoder, trunk.length, vocab);
        for (int b = 0; b < 9; b++) {
            int cut = trunk.length / 4 + random.nextInt(trunk.length * 3 / 4 - 1);
            int[] ids = random.ints(Math.min(CONTEXT, cut + 1 + random.nextInt(50)), 0, vocab)
                    .toArray();
            System.arraycopy(trunk, 0, ids, 0, cut);
            Feeder alone = new Feeder(ids, blocks.table());
            alone.feed(decoder, cut, vocab);
            float[][] goal = new float[ids.length][];
            for (int p = cut; p < ids.length; p++) {
                goal[p] = alone.feed(decoder, 1, vocab);
            }
            goals.add(goal);
            Feeder branch = new Feeder(ids, alone.table.clone()); // its own blocks again, behind the trunk's
            int whole = cut / decoder.kv().blockTokens();
            System.arraycopy(parent.table, 0, branch.table, 0, whole);
            decoder.copyBlocks(new int[] {parent.table[whole]}, new int[] {branch.table[whole]}, 1);
            branch.position = cut;
            branches.add(branch);
        }
        sideBySide(decoder, random, branches, goals, true);
    }

    /** Hands out blocks in random order. */
    private static final class Blocks {
        private final Decoder decoder;
        private final Random random;
        private final List<Integer> free = new ArrayList<>();

        Blocks(Decoder decoder, Random random) {
            this.decoder = decoder;
            this.random = random;
            reset();
        }

        void reset() {
            free.clear();
            for (int i = 0; i < decoder.kv().blocks(); i++) {
                free.add(i);
            }
            Collections.shuffle(free, random);
        }

        int[] table() {
            int[] table = new int[decoder.kv().blocksFor(CONTEXT)];
            for (int i = 0; i < table.length; i++) {
                table[i] = free.remove(free.size() - 1);
            }
            return table;
        }
    }
}
