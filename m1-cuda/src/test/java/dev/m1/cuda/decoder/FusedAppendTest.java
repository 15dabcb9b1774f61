package dev.m1.cuda.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.cuda.driver.CudaException;
import dev.m1.spi.DType;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import dev.m1.spi.WeightType;
import dev.m1.spi.contract.RandomModel;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A projection that fills the cache itself gives the bits of one with a kernel behind it, and saves that kernel. */
class FusedAppendTest {
    private static final int CONTEXT = 40;
    private static final int OUT_OF_MEMORY = 2;

    record Variant(RandomModel model, KvType kv, Map<String, String> options) {}

    static Stream<Variant> variants() {
        RandomModel bf16 = RandomModel.biased(DType.BF16, 71);
        return Stream.of(
                new Variant(bf16, KvType.BF16, Map.of()),
                new Variant(bf16, KvType.F32, Map.of(CudaOptions.TENSOR_CORES, "false")),
                new Variant(bf16, KvType.F32, Map.of(CudaOptions.PREFILL, "cublaslt", CudaOptions.PREFILL_TOKENS, "8")),
                new Variant(RandomModel.qwen2(DType.F16, 72), KvType.BF16, Map.of(CudaOptions.EAGER, "true")));
    }

    @ParameterizedTest
    @MethodSource("variants")
    void bitsAreTheSame(Variant v) {
        TestDevice.require();
        assertThat(run(v, "true")).isDeepEqualTo(run(v, "false"));
    }

    /** Logits behind a prompt, and behind a token that a graph computes, with another row beside it. */
    private static float[][] run(Variant v, String fused) {
        try (Decoder decoder = open(v, fused)) {
            int vocab = v.model().spec().vocabSize();
            int[] ids = new Random(73).ints(CONTEXT, 0, vocab).toArray();
            float[][] logits = new float[3][vocab];
            StepBatch batch = new StepBatch(2);
            StepResult result = new StepResult(2);
            batch.addRow(ids, 0, 20, 0, new int[] {1}, 1).logits(logits[0]);
            decoder.step(batch, result);
            batch.clear();
            batch.addRow(ids, 20, 1, 20, new int[] {1}, 1).logits(logits[1]);
            batch.addRow(ids, 3, 1, 0, new int[] {0}, 1).logits(logits[2]);
            decoder.step(batch, result);
            return logits;
        }
    }

    private static Decoder open(Variant v, String fused) {
        Map<String, String> options = new HashMap<>(v.options());
        options.put(CudaOptions.FUSED_APPEND, fused);
        Limits limits = new Limits(CONTEXT, 2, CONTEXT, 2 * 64, v.kv(), WeightType.STORED, 1, options);
        return CudaDecoder.open(v.model().spec(), v.model(), limits);
    }

    @AfterEach
    void mend() {
        if (!TestDevice.real()) {
            EmulatedDriver.require().clearError();
        }
    }

    @Test
    void aLayerIsFiveLaunchesInsteadOfSix() {
        Assumptions.assumeTrue(!TestDevice.real(), "the emulated device only");
        RandomModel model = RandomModel.biased(DType.BF16, 74);
        Variant eager = new Variant(model, KvType.BF16, Map.of(CudaOptions.EAGER, "true"));
        int layers = model.spec().layers();
        int others = 4; // embedding, LM head, sampling, likeliest ids
        countLaunches(eager, "true", 5 * layers + others);
        countLaunches(eager, "false", 6 * layers + others);
        RandomModel headNorms = RandomModel.qwen3(DType.BF16, 75);
        Variant qwen3 = new Variant(headNorms, KvType.BF16, eager.options());
        countLaunches(qwen3, "true", 6 * headNorms.spec().layers() + others);
    }

    /** A step succeeds before a launch fails that it no longer makes, and not before one that is its last. */
    private static void countLaunches(Variant v, String fused, int expected) {
        EmulatedDriver driver = EmulatedDriver.require();
        try (Decoder decoder = open(v, fused)) {
            StepBatch batch = new StepBatch(1);
            batch.addRow(new int[] {5}, 0, 1, 0, new int[] {0}, 1).logits(new float[v.model().spec().vocabSize()]);
            driver.failNext("cuLaunchKernel", OUT_OF_MEMORY, expected);
            decoder.step(batch, new StepResult(1));
            driver.clearError();
            driver.failNext("cuLaunchKernel", OUT_OF_MEMORY, expected - 1);
            assertThatThrownBy(() -> decoder.step(batch, new StepResult(1))).isInstanceOf(CudaException.class);
            driver.clearError();
        }
    }
}
