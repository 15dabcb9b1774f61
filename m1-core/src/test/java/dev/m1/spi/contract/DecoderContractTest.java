package dev.m1.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.errors.BackendException;
import dev.m1.errors.CheckpointException;
import dev.m1.errors.ModelClosedException;
import dev.m1.errors.NonFiniteLogitsException;
import dev.m1.sampling.Sampler;
import dev.m1.sampling.Sampling;
import dev.m1.spi.DType;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightSource;
import dev.m1.spi.WeightType;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What every backend must do; a backend's test extends this and says how it is opened. */
public abstract class DecoderContractTest {
    protected static final Limits LIMITS = new Limits(200, 4, 160, 1000, KvType.F32, 2);

    protected abstract Decoder open(ModelSpec spec, WeightSource weights, Limits limits);

    /** How weights are held. */
    protected WeightType weights() {
        return WeightType.STORED;
    }

    private Decoder open(RandomModel model, Limits limits) {
        return open(model.spec(), model, limits.withWeights(weights()));
    }

    private static int[] randomIds(Random random, int n, ModelSpec spec) {
        return random.ints(n, 0, spec.vocabSize()).toArray();
    }

    private static int[] blocks(int from, int count) {
        int[] table = new int[count];
        Arrays.setAll(table, i -> from + i);
        return table;
    }

    private static int perSequence(Decoder decoder) {
        return decoder.kv().blocksFor(LIMITS.contextTokens());
    }

    @Test
    void describesItself() {
        RandomModel model = RandomModel.qwen2(DType.BF16, 1);
        try (Decoder decoder = open(model, LIMITS)) {
            assertThat((long) decoder.kv().blocks() * decoder.kv().blockTokens()).isGreaterThanOrEqualTo(1000);
            assertThat(decoder.memory().kvBytes())
                    .isGreaterThanOrEqualTo(decoder.kv().blocks() * decoder.kv().bytesPerBlock());
            // 8-bit weights: 9 bits for each of 16, blocks of short rows filled up
            assertThat(decoder.memory().weightBytes())
                    .isGreaterThanOrEqualTo(model.totalBytes() / (weights() == WeightType.Q8 ? 2 : 1));
            assertThat(decoder.memory().scratchBytes()).isPositive();
            assertThat(decoder.description()).isNotBlank();
        }
    }

    @Test
    void wantedIdsAndProbabilitiesBelongToTheLogits() {
        RandomModel model = RandomModel.qwen2(DType.F32, 2);
        int vocab = model.spec().vocabSize();
        try (Decoder decoder = open(model, LIMITS)) {
            int[] ids = randomIds(new Random(3), 40, model.spec());
            Sampling warm = Sampling.builder().temperature(0.8).topP(0.95).seed(7).build();
            Sampling penalty = Sampling.builder().repetitionPenalty(1.8).build();
            StepBatch batch = new StepBatch(4);
            StepResult result = new StepResult(4);
            float[][] logits = new float[4][vocab];
            int n = perSequence(decoder);
            for (int r = 0; r < 4; r++) {
                batch.addRow(ids, 0, 30 + r, 0, blocks(r * n, n), n)
                        .logits(logits[r])
                        .topLogprobs(r == 3 ? 20 : 0);
            }
            batch.row(0).sample(Sampling.greedy(), 0);
            batch.row(1).sample(warm, 5);
            batch.row(2).sample(penalty, 0).history(ids, 32, 30);
            decoder.step(batch, result);

            Sampler sampler = new Sampler(vocab);
            assertThat(result.sampled(0)).isEqualTo(argmax(logits[0]));
            assertThat(result.sampled(1)).isEqualTo(sampler.sample(logits[1].clone(), warm, null, 0, 0, 5, 31));
            assertThat(result.sampled(2)).isEqualTo(sampler.sample(logits[2].clone(), penalty, ids, 32, 30, 0, 32));
            checkTop(logits[3], result.topIds(3), result.topLogprobs(3));
        }
    }

    private static int argmax(float[] x) {
        int best = 0;
        for (int i = 1; i < x.length; i++) {
            best = x[i] > x[best] ? i : best;
        }
        return best;
    }

    private static void checkTop(float[] logits, int[] ids, float[] logprobs) {
        Integer[] order = new Integer[logits.length];
        Arrays.setAll(order, i -> i);
        Arrays.sort(order, (a, b) -> Float.compare(logits[b], logits[a])); // stable: the lower id first
        double sum = 0;
        for (float x : logits) {
            sum += Math.exp(x - logits[order[0]]);
        }
        for (int j = 0; j < 20; j++) {
            assertThat(ids[j]).isEqualTo(order[j]);
            // exp within 2 ulp and 300 positive terms added in float: relative error of the sum below 330 * 2^-24 =
            // 2e-5
            assertThat((double) logprobs[j])
                    .isCloseTo(logits[order[j]] - logits[order[0]] - Math.log(sum), within(3e-5));
        }
    }

    private static Offset<Double> within(double x) {
        return Offset.offset(x);
    }

    @Test
    void rowsThatWantNothingStillFillTheCache() {
        RandomModel model = RandomModel.biased(DType.BF16, 4);
        int vocab = model.spec().vocabSize();
        try (Decoder decoder = open(model, LIMITS)) {
            int[] ids = randomIds(new Random(5), 50, model.spec());
            float[] whole = new Feeder(ids, blocks(0, 7)).feed(decoder, 50, vocab);
            Feeder silent = new Feeder(ids, blocks(7, 7));
            StepBatch batch = new StepBatch(1);
            silent.addTo(batch, 49, null);
            decoder.step(batch, new StepResult(1));
            assertThat(silent.feed(decoder, 1, vocab)).isEqualTo(whole);
        }
    }

    @Test
    void aRowCanTakeTheIdThatThePreviousStepSampled() {
        RandomModel model = RandomModel.qwen3(DType.F32, 6);
        int vocab = model.spec().vocabSize();
        try (Decoder decoder = open(model, LIMITS)) {
            int[] ids = randomIds(new Random(7), 10, model.spec());
            StepBatch batch = new StepBatch(2);
            StepResult result = new StepResult(2);
            batch.addRow(ids, 0, 5, 0, blocks(7, 7), 7);
            batch.addRow(ids, 0, 10, 0, blocks(0, 7), 7).sample(Sampling.greedy(), 0);
            decoder.step(batch, result);
            int sampled = result.sampled(1);

            float[] logits = new float[vocab];
            batch.clear();
            batch.addRow(new int[0], 0, 1, 10, blocks(0, 7), 7).tokenOfPreviousStep(1).logits(logits);
            decoder.step(batch, result);
            int[] explicit = Arrays.copyOf(ids, 11);
            explicit[10] = sampled;
            assertThat(logits).isEqualTo(new Feeder(explicit, blocks(14, 7)).feed(decoder, 11, vocab));

            batch.clear();
            batch.addRow(new int[0], 0, 1, 11, blocks(0, 7), 7).tokenOfPreviousStep(0);
            assertThatThrownBy(() -> decoder.step(batch, result))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("row 0");
        }
    }

    @Test
    void wrongRowsAreRefusedBeforeAnythingRuns() {
        RandomModel model = RandomModel.qwen2(DType.BF16, 8);
        int vocab = model.spec().vocabSize();
        try (Decoder decoder = open(model, LIMITS)) {
            int n = perSequence(decoder);
            int[] table = blocks(0, n);
            int[] ids = randomIds(new Random(9), 170, model.spec());
            Feeder feeder = new Feeder(ids, table);
            feeder.feed(decoder, 20, vocab);

            int[] bad = ids.clone();
            bad[25] = vocab;
            refused(decoder, b -> b.addRow(bad, 20, 10, 20, table, n), vocab + "");
            bad[25] = -1;
            refused(decoder, b -> b.addRow(bad, 20, 10, 20, table, n), "-1");
            refused(decoder, b -> b.addRow(ids, 165, 10, 20, table, n), "170");
            refused(decoder, b -> b.addRow(ids, 0, 10, 191, table, n), "200");
            refused(decoder, b -> b.addRow(ids, 0, 10, -1, table, n), "-1");
            refused(decoder, b -> b.addRow(ids, 0, 10, Integer.MAX_VALUE - 3, table, n), "200");
            refused(decoder, b -> b.addRow(ids, 20, 10, 20 + decoder.kv().blockTokens(), table, 1), "blocks");
            refused(decoder, b -> b.addRow(ids, 20, 10, 20, table, n + 1), (n + 1) + "");
            int[] outside = table.clone();
            outside[0] = decoder.kv().blocks();
            refused(decoder, b -> b.addRow(ids, 20, 10, 20, outside, n), outside[0] + "");
            outside[0] = -7;
            refused(decoder, b -> b.addRow(ids, 20, 10, 20, outside, n), "-7");
            refused(decoder, b -> b.addRow(ids, 0, 161, 0, table, n), "161", "160");
            refused(decoder, b -> b.addRow(ids, 20, 1, 20, table, n).logits(new float[vocab - 1]), (vocab - 1) + "");
            refused(decoder, b -> b.addRow(ids, 20, 1, 20, table, n)
                    .sample(Sampling.builder().presencePenalty(1).build(), 0), "history");
            refused(decoder, b -> {
                for (int i = 0; i < 5; i++) {
                    b.addRow(ids, 20, 1, 20, table, n);
                }
            }, "5", "4");

            float[] after = feeder.feed(decoder, 30, vocab);
            assertThat(after).isEqualTo(new Feeder(ids, blocks(n, n)).feed(decoder, 50, vocab));
        }
    }

    private interface Filler {
        void fill(StepBatch batch);
    }

    private static void refused(Decoder decoder, Filler filler, String... parts) {
        StepBatch batch = new StepBatch(8);
        filler.fill(batch);
        assertThatThrownBy(() -> decoder.step(batch, new StepResult(8)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(parts);
    }

    @Test
    void copiedBlocksAreChecked() {
        RandomModel model = RandomModel.biased(DType.BF16, 10);
        try (Decoder decoder = open(model, LIMITS)) {
            int blocks = decoder.kv().blocks();
            assertThatThrownBy(() -> decoder.copyBlocks(new int[] {0}, new int[] {blocks}, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(blocks + "");
            assertThatThrownBy(() -> decoder.copyBlocks(new int[] {-1}, new int[] {0}, 1))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("-1");
        }
    }

    @Test
    void brokenWeightsEndInAnErrorThatNamesThePlace() {
        RandomModel model = RandomModel.qwen2(DType.F32, 11);
        int vocab = model.spec().vocabSize();
        model.poison(TensorRole.LM_HEAD, 0, 5 * model.spec().hiddenSize(), Float.NaN);
        if (weights() == WeightType.Q8) {
            assertThatThrownBy(() -> open(model, LIMITS))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContainingAll("LM_HEAD", "[5, 0]", "NaN");
            return;
        }
        try (Decoder decoder = open(model, LIMITS)) {
            int[] ids = randomIds(new Random(12), 9, model.spec());
            assertThatThrownBy(() -> new Feeder(ids, blocks(0, 7)).feed(decoder, 9, vocab))
                    .isInstanceOf(NonFiniteLogitsException.class)
                    .hasMessageContainingAll("row 0", "position 8");
        }
    }

    @Test
    void whatCannotFitIsRefused() {
        RandomModel model = RandomModel.qwen2(DType.BF16, 13);
        assertThatThrownBy(() -> open(model, new Limits(200, 4, 160, 1L << 44, KvType.F32, 2)))
                .isInstanceOf(BackendException.class);
        assertThatThrownBy(() -> open(model, new Limits(200, 4, 160, 1L << 33, KvType.F32, 2)))
                .isInstanceOf(BackendException.class);
        assertThatThrownBy(() -> open(model, new Limits(200, 4, Integer.MAX_VALUE, 1000, KvType.F32, 2)))
                .isInstanceOf(BackendException.class);
    }

    @ParameterizedTest
    @EnumSource(KvType.class)
    void closing(KvType type) {
        RandomModel model = RandomModel.biased(DType.F16, 14);
        Decoder decoder = open(model, new Limits(200, 4, 160, 1000, type, 3));
        int[] ids = {1, 2, 3};
        new Feeder(ids, blocks(0, 7)).feed(decoder, 3, model.spec().vocabSize());
        decoder.close();
        decoder.close();
        assertThatThrownBy(() -> new Feeder(ids, blocks(0, 7)).feed(decoder, 3, model.spec().vocabSize()))
                .isInstanceOf(ModelClosedException.class);
        assertThatThrownBy(() -> decoder.copyBlocks(new int[] {0}, new int[] {1}, 1))
                .isInstanceOf(ModelClosedException.class);
    }
}
