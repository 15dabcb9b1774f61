package dev.m1.cuda.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.checkpoint.Checkpoint;
import dev.m1.sampling.Sampling;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import dev.m1.spi.WeightSource;
import dev.m1.spi.contract.GoldenModel;
import dev.m1.spi.contract.LogitsContractTest;
import dev.m1.testing.Fixtures;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Transformers' logits and ids with every prefill by cuBLASLt, where weights are bfloat16. */
class PrefillGoldenTest {
    private static final int LEAST_TOKENS = 2;

    /** Every model of the contract, most of which keep the kernels; by its name no part of a usual test run. */
    static class AllModels extends LogitsContractTest {
        Prefill prefill() {
            return Prefill.CUBLASLT;
        }

        @Override
        protected Decoder open(ModelSpec spec, WeightSource weights, Limits limits) {
            TestDevice.require();
            return CudaDecoder.open(spec, weights, PrefillOptions.with(limits, prefill(), LEAST_TOKENS));
        }

        @Override
        protected float tolerance() {
            return super.tolerance();
        }

        /** Chunks, whose last one has another size. */
        @Override
        protected int positionStep() {
            return 40;
        }

        @Override
        protected int greedyIds() {
            return TestDevice.real() ? 48 : 3;
        }
    }

    /** The same with activations rounded to bfloat16 before a product. */
    static class AllModelsRounded extends AllModels {
        @Override
        Prefill prefill() {
            return Prefill.CUBLASLT_BF16;
        }

        /**
         * An activation is off by up to 2^-9 of itself, so a product is off by up to that share of the sum of its
         * terms' sizes, which with random signs is about that share of the result's usual size. Four products a layer,
         * at most three layers: 12 such shares of logits below 8 are 8 * 12 * 2^-9 = 0.19.
         */
        @Override
        protected float tolerance() {
            return 0.19f;
        }
    }

    private static GoldenModel model(String name) {
        return GoldenModel.all(Fixtures.model(name).getParent())
                .filter(m -> m.toString().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** Nothing is rounded that the kernels do not round: the contract's tolerance holds. */
    @ParameterizedTest
    @ValueSource(strings = {"tiny-mistral", "tiny-qwen2-bf16"})
    void inThreeParts(String name) {
        check(new AllModels(), model(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-mistral", "tiny-qwen2-bf16"})
    void rounded(String name) {
        check(new AllModelsRounded(), model(name));
    }

    /** Each case's whole prompt in one step, and the first ids that follow; an emulated device takes its time. */
    private static void check(AllModels models, GoldenModel golden) {
        Limits limits = new Limits(400, 1, 400, 400, KvType.F32, 1);
        try (Checkpoint checkpoint = Checkpoint.open(golden.folder());
                Decoder decoder = models.open(checkpoint.spec(), checkpoint.weights(), limits)) {
            assertThat(decoder.description()).contains(models.prefill().value() + " ");
            int[] table = IntStream.range(0, decoder.kv().blocks()).toArray();
            golden.cases().forEach((name, values) -> {
                int[] prompt = GoldenModel.ids(values.get("input_ids"));
                int[] expected = Arrays.copyOf(GoldenModel.ids(values.get("greedy_ids_48")), models.greedyIds());
                int[] ids = Arrays.copyOf(prompt, prompt.length + expected.length);
                float[] logits = new float[checkpoint.spec().vocabSize()];
                StepBatch batch = new StepBatch(1);
                StepResult result = new StepResult(1);
                for (int fed = 0, n = prompt.length; n < ids.length; fed = n, n++) {
                    batch.clear();
                    batch.addRow(ids, fed, n - fed, fed, table, table.length).sample(Sampling.greedy(), 0);
                    batch.row(0).logits(fed == 0 ? logits : null);
                    decoder.step(batch, result);
                    ids[n] = result.sampled(0);
                }
                assertThat(logits)
                        .as(name)
                        .containsExactly(golden.tensor(name + ".last_logits"), Offset.offset(models.tolerance()));
                assertThat(Arrays.copyOfRange(ids, prompt.length, ids.length)).as(name).isEqualTo(expected);
            });
        }
    }
}
