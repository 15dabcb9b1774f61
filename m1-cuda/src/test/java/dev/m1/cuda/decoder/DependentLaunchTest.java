package dev.m1.cuda.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.cuda.decoder.EmulatedDriver.Schedule;
import dev.m1.sampling.Sampling;
import dev.m1.spi.DType;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import dev.m1.spi.WeightType;
import dev.m1.spi.contract.RandomModel;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kernels that begin before the ones ahead of them have run give the bits of those that do not. The emulated device
 * lets some blocks of two launches begin ahead of their turn, so that what one reads too early is what was there
 * before.
 */
class DependentLaunchTest {
    private static final int CONTEXT = 290; // two splits of attention
    private static final int PAGES = 5;
    private static final int STEPS = 3;
    private static final int RACES = 20; // on a real device, where a kernel may be in time by chance

    record Variant(RandomModel model, Map<String, String> options, Schedule schedule) {}

    static Stream<Variant> variants() {
        RandomModel bf16 = RandomModel.biased(DType.BF16, 91);
        return Stream.of(
                new Variant(bf16, Map.of(), Schedule.FORWARD),
                new Variant(bf16, Map.of(CudaOptions.FUSED_APPEND, "false"), Schedule.REVERSE),
                new Variant(
                        bf16, Map.of(CudaOptions.EAGER, "true", CudaOptions.TENSOR_CORES, "false"),
                        Schedule.RANDOM),
                new Variant(
                        bf16, Map.of(CudaOptions.PREFILL, "cublaslt", CudaOptions.PREFILL_TOKENS, "8"),
                        Schedule.FORWARD),
                new Variant(RandomModel.qwen3(DType.F16, 92), Map.of(), Schedule.RANDOM));
    }

    private EmulatedDriver driver; // null on a real device

    @BeforeEach
    void aDeviceThatCan() {
        Assumptions.assumeTrue(TestDevice.dependentLaunches(), "this device has no dependent launches");
        driver = TestDevice.real() ? null : EmulatedDriver.require();
    }

    @AfterEach
    void mend() {
        if (driver != null) {
            driver.capability(80);
            driver.schedule(Schedule.FORWARD, 1);
            driver.clearError();
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void bitsAreTheSame(Variant v) {
        if (driver == null) {
            float[][] expected = run(v, "false");
            for (int i = 0; i < RACES; i++) {
                assertThat(run(v, "true")).isDeepEqualTo(expected);
            }
            return;
        }
        driver.schedule(v.schedule(), 5);
        int before = driver.begunEarly();
        float[][] expected = run(v, "false");
        assertThat(driver.begunEarly()).isEqualTo(before);
        assertThat(run(v, "true")).isDeepEqualTo(expected);
        // All launches but a step's first, and a library's products with what comes behind them.
        boolean separate = v.model().spec().qkNorm() || v.options().containsKey(CudaOptions.FUSED_APPEND);
        int perStep = (separate ? 6 : 5) * v.model().spec().layers() + 3;
        assertThat(driver.begunEarly()).isEqualTo(before + STEPS * perStep);
    }

    /** Logits behind a prompt, behind a token of a long context, and of a short row beside it; ids that are drawn. */
    private static float[][] run(Variant v, String dependent) {
        int vocab = v.model().spec().vocabSize();
        int[] ids = new Random(93).ints(CONTEXT, 0, vocab).toArray();
        Sampling warm = Sampling.builder().temperature(0.8).topP(0.9).frequencyPenalty(0.1).seed(7).build();
        try (Decoder decoder = open(v, dependent)) {
            int last = CONTEXT - 1;
            float[][] logits = new float[4][vocab];
            StepBatch batch = new StepBatch(3);
            StepResult result = new StepResult(3);
            batch.addRow(ids, 0, last, 0, table(0), PAGES).logits(logits[0]);
            decoder.step(batch, result);
            for (int round = 0; round < STEPS - 1; round++) { // the second finds what the first has left
                batch.clear();
                batch.addRow(ids, last, 1, last, table(0), PAGES).sample(warm, 0).history(ids, CONTEXT, last)
                        .logits(logits[1]).topLogprobs(3);
                batch.addRow(ids, round, 1, round, table(PAGES), PAGES).sample(Sampling.greedy(), 1).logits(logits[2]);
                decoder.step(batch, result);
                logits[3][2 * round] = result.sampled(0);
                logits[3][2 * round + 1] = result.sampled(1);
            }
            return logits;
        }
    }

    private static int[] table(int from) {
        int[] table = new int[PAGES];
        Arrays.setAll(table, i -> from + i);
        return table;
    }

    private static Decoder open(Variant v, String dependent) {
        Map<String, String> options = new HashMap<>(v.options());
        options.put(CudaOptions.DEPENDENT_LAUNCH, dependent);
        Limits limits = new Limits(
                CONTEXT, 2, CONTEXT, 2 * PAGES * 64, KvType.BF16, WeightType.STORED, 1, options);
        return CudaDecoder.open(v.model().spec(), v.model(), limits);
    }

    @Test
    void theDescriptionSaysSo() {
        Variant v = variants().findFirst().orElseThrow();
        try (Decoder decoder = open(v, "true")) {
            assertThat(decoder.description()).contains("dependent launches");
        }
        try (Decoder decoder = open(v, "false")) {
            assertThat(decoder.description()).doesNotContain("dependent");
        }
    }

    @Test
    void anOlderDeviceRefusesIt() {
        Assumptions.assumeTrue(driver != null, "the emulated device only");
        driver.capability(89);
        int live = driver.liveObjects();
        Variant v = variants().findFirst().orElseThrow();
        assertThatThrownBy(() -> open(v, "true"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("M1_CUDA_DEPENDENT_LAUNCH", "9.0", "sm_89");
        assertThat(driver.liveObjects()).isEqualTo(live);
        open(v, "false").close();
    }

    @Test
    void aLaunchThatFailsIsNamed() {
        Assumptions.assumeTrue(driver != null, "the emulated device only");
        driver.failNext("cuLaunchKernelEx", 2, 3);
        assertThatThrownBy(() -> open(variants().findFirst().orElseThrow(), "true"))
                .hasMessageContaining("cuLaunchKernelEx(m1_");
    }
}
