package dev.m1.spi.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.m1.checkpoint.Checkpoint;
import dev.m1.sampling.Sampling;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import dev.m1.spi.WeightSource;
import dev.m1.spi.WeightType;
import dev.m1.testing.Fixtures;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A backend's logits and greedy ids against Hugging Face transformers, for one way of holding weights. */
public abstract class LogitsContractTest {
    /**
     * The references come from float64 arithmetic over the same weights, so the difference is our own float32
     * rounding. Transformers' own float32 pass is off by up to 1e-5 ({@code f32_vs_f64_max_abs_diff} in golden.json);
     * logits are below 16, where neighbouring floats are 1e-6 apart. 1e-4 allows ten times transformers' error for
     * another order of summation; a wrong epsilon, scale, mask or rotation is off by far more than 1e-3.
     */
    private static final float TOLERANCE = 1e-4f;

    /**
     * A bfloat16 cache rounds each key and value by up to 2^-9; the mean attention output is off by about that share of
     * its size per layer, and logits of these models are below 8: 8 * 2^-9 * 3 layers = 0.05, twice that at most.
     */
    private static final float BF16_KV_TOLERANCE = 0.1f;

    protected abstract Decoder open(ModelSpec spec, WeightSource weights, Limits limits);

    /** How weights are held; the references are computed with weights that are rounded the same way. */
    protected WeightType weights() {
        return WeightType.STORED;
    }

    /** How far logits may be from the reference's; a backend that rounds activations says how it follows. */
    protected float tolerance() {
        return TOLERANCE;
    }

    /** Greedy ids that are compared per case, at most; an emulated device takes its time. */
    protected int greedyIds() {
        return Integer.MAX_VALUE;
    }

    /** Tokens that are fed between two positions whose logits are compared. */
    protected int positionStep() {
        return 1;
    }

    static Stream<GoldenModel> models() {
        return GoldenModel.all(Fixtures.model("tiny-qwen2").getParent());
    }

    @ParameterizedTest
    @MethodSource("models")
    public void logitsAndGreedyIds(GoldenModel model) {
        GoldenModel golden = model.with(weights());
        try (Checkpoint checkpoint = Checkpoint.open(golden.folder());
                Decoder decoder = open(checkpoint.spec(), checkpoint.weights(), limits(KvType.F32))) {
            int vocab = checkpoint.spec().vocabSize();
            for (Map.Entry<String, JsonNode> entry : golden.cases().entrySet()) {
                String name = entry.getKey();
                int[] ids = GoldenModel.ids(entry.getValue().get("input_ids"));
                float[] logits = new Feeder(ids, table(decoder)).feed(decoder, ids.length, vocab);
                assertThat(logits)
                        .as(name)
                        .containsExactly(golden.tensor(name + ".last_logits"), within(tolerance()));
                everyPosition(decoder, golden.tensor(name + ".logits"), name, ids, vocab);
                int[] all = GoldenModel.ids(entry.getValue().get("greedy_ids_48"));
                int[] greedy = Arrays.copyOf(all, Math.min(all.length, greedyIds()));
                assertThat(greedy(decoder, ids, greedy.length)).as(name).isEqualTo(greedy);
            }
        }
    }

    private void everyPosition(Decoder decoder, float[] expected, String name, int[] ids, int vocab) {
        if (expected == null) {
            return;
        }
        Feeder feeder = new Feeder(ids, table(decoder));
        for (int p = -1; feeder.left() > 0; ) {
            int step = Math.min(positionStep(), feeder.left());
            p += step;
            assertThat(feeder.feed(decoder, step, vocab))
                    .as("%s, position %d", name, p)
                    .containsExactly(Arrays.copyOfRange(expected, p * vocab, (p + 1) * vocab), within(tolerance()));
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void aBfloat16CacheStaysClose(GoldenModel model) {
        GoldenModel golden = model.with(weights());
        try (Checkpoint checkpoint = Checkpoint.open(golden.folder());
                Decoder decoder = open(checkpoint.spec(), checkpoint.weights(), limits(KvType.BF16))) {
            for (Map.Entry<String, JsonNode> entry : golden.cases().entrySet()) {
                int[] ids = GoldenModel.ids(entry.getValue().get("input_ids"));
                int vocab = checkpoint.spec().vocabSize();
                float[] logits = new Feeder(ids, table(decoder)).feed(decoder, ids.length, vocab);
                assertThat(logits)
                        .as(entry.getKey())
                        .containsExactly(golden.tensor(entry.getKey() + ".last_logits"), within(BF16_KV_TOLERANCE));
            }
        }
    }

    final Limits limits(KvType type) {
        return new Limits(400, 1, 400, 400, type, 2).withWeights(weights());
    }

    static int[] greedy(Decoder decoder, int[] prompt, int count) {
        int[] table = table(decoder);
        int[] ids = Arrays.copyOf(prompt, prompt.length + count);
        StepBatch batch = new StepBatch(1);
        StepResult result = new StepResult(1);
        int fed = 0;
        for (int n = prompt.length; n < ids.length; n++) {
            batch.clear();
            batch.addRow(ids, fed, n - fed, fed, table, table.length).sample(Sampling.greedy(), 0);
            decoder.step(batch, result);
            ids[n] = result.sampled(0);
            fed = n;
        }
        return Arrays.copyOfRange(ids, prompt.length, ids.length);
    }

    private static int[] table(Decoder decoder) {
        int[] table = new int[decoder.kv().blocks()];
        Arrays.setAll(table, i -> i);
        return table;
    }

    private static Offset<Float> within(float tolerance) {
        return Offset.offset(tolerance);
    }
}
