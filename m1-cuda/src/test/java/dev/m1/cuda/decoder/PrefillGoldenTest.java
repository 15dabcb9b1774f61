package dev.m1.cuda.decoder;

import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.WeightSource;
import dev.m1.spi.contract.GoldenModel;
import dev.m1.spi.contract.LogitsContractTest;
import dev.m1.testing.Fixtures;
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

        /** Chunks, whose last one has another size. */
        @Override
        protected int positionStep() {
            return TestDevice.real() ? 40 : 90;
        }

        @Override
        protected int greedyIds() {
            return TestDevice.real() ? super.greedyIds() : 3;
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
        new AllModels().logitsAndGreedyIds(model(name));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-mistral", "tiny-qwen2-bf16"})
    void rounded(String name) {
        new AllModelsRounded().logitsAndGreedyIds(model(name));
    }
}
