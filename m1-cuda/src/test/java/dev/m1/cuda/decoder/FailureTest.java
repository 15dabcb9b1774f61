package dev.m1.cuda.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.cuda.driver.CudaException;
import dev.m1.errors.BackendException;
import dev.m1.errors.ModelClosedException;
import dev.m1.sampling.Sampling;
import dev.m1.spi.DType;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import dev.m1.spi.WeightType;
import dev.m1.spi.contract.RandomModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls that fail, and that nothing stays behind. */
class FailureTest {
    private static final int OUT_OF_MEMORY = 2;
    private static final int ILLEGAL_ADDRESS = 700;
    private static final int INVALID_VALUE = 1;
    private static final long DEVICE_BYTES = 8L << 30;

    private final RandomModel model = RandomModel.biased(DType.BF16, 21);
    private EmulatedDriver driver;
    private int liveBefore;

    @BeforeEach
    void load() {
        driver = EmulatedDriver.require();
        liveBefore = driver.liveObjects();
    }

    @AfterEach
    void mend() {
        if (driver != null) {
            driver.clearError();
            driver.memory(DEVICE_BYTES, DEVICE_BYTES);
        }
    }

    private Decoder open(Map<String, String> options) {
        Limits limits = new Limits(100, 2, 20, 200, KvType.F32, WeightType.STORED, 1, options);
        return CudaDecoder.open(model.spec(), model, limits);
    }

    private static int step(Decoder decoder) {
        StepBatch batch = new StepBatch(2);
        StepResult result = new StepResult(2);
        batch.addRow(new int[] {1, 2}, 0, 2, 0, new int[] {0, 1}, 2).sample(Sampling.greedy(), 0);
        decoder.step(batch, result);
        return result.sampled(0);
    }

    @Test
    void closingGivesEverythingBack() {
        try (Decoder decoder = open(Map.of())) {
            step(decoder);
            decoder.copyBlocks(new int[] {0}, new int[] {1}, 1);
            assertThat(driver.liveObjects()).isGreaterThan(liveBefore);
        }
        assertThat(driver.liveObjects()).isEqualTo(liveBefore);
    }

    @Test
    void theEagerPathGivesTheSameIds() {
        int sampled;
        try (Decoder graphs = open(Map.of())) {
            sampled = step(graphs);
        }
        try (Decoder eager = open(Map.of(CudaOptions.EAGER, "true"))) {
            assertThat(eager.description()).contains("eager");
            assertThat(step(eager)).isEqualTo(sampled);
        }
        assertThatThrownBy(() -> open(Map.of(CudaOptions.EAGER, "maybe")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(CudaOptions.EAGER, "maybe");
        assertThat(driver.liveObjects()).isEqualTo(liveBefore);
    }

    @Test
    void whatDoesNotFitIsRefusedWithBothNumbers() {
        driver.memory(1L << 30, 1000);
        assertThatThrownBy(() -> open(Map.of()))
                .isInstanceOf(BackendException.class)
                .hasMessageContainingAll("needs", "weights", "KV cache", "1000 bytes are free");
        assertThat(driver.liveObjects()).isEqualTo(liveBefore);
    }

    @Test
    void takesWhatItSaysAndNoMore() {
        long total;
        try (Decoder decoder = open(Map.of())) {
            total = decoder.memory().totalBytes();
        }
        driver.memory(1L << 30, total); // the emulated device refuses what is beyond
        try (Decoder decoder = open(Map.of())) {
            assertThat(step(decoder)).isNotNegative();
        }
        driver.memory(1L << 30, total - 1);
        assertThatThrownBy(() -> open(Map.of())).isInstanceOf(BackendException.class).hasMessageContaining("needs");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "cuDevicePrimaryCtxRetain", "cuCtxSetCurrent", "cuMemGetInfo_v2", "cuStreamCreate", "cuModuleLoadDataEx",
        "cuMemAlloc_v2", "cuMemHostAlloc", "cuMemsetD8Async", "cuMemcpyHtoDAsync_v2", "cuEventCreate", "cuEventRecord",
        "cuEventSynchronize", "cuStreamSynchronize", "cuModuleGetFunction", "cuStreamBeginCapture_v2",
        "cuLaunchKernel", "cuStreamEndCapture", "cuGraphInstantiateWithFlags"
    })
    void aCallThatFailsWhileOpening(String call) {
        // The first such call fails, then the second, … until opening succeeds without reaching the failing one.
        List<String> messages = new ArrayList<>();
        for (int after = 0; after < 3; after++) {
            driver.failNext(call, OUT_OF_MEMORY, after);
            try (Decoder decoder = open(Map.of())) {
                assertThat(decoder.kv().blocks()).isPositive();
                break;
            } catch (CudaException e) {
                assertThat(e.code()).isEqualTo(OUT_OF_MEMORY);
                messages.add(e.getMessage());
            } finally {
                driver.clearError();
            }
            assertThat(driver.liveObjects()).as("after failure %d of %s", after, call).isEqualTo(liveBefore);
        }
        assertThat(messages).isNotEmpty().allSatisfy(m -> assertThat(m).contains(call, "OUT_OF_MEMORY"));
    }

    @Test
    void aLostContextClosesTheDecoderWithTheCallsName() {
        Decoder decoder = open(Map.of());
        step(decoder);
        driver.failNext("cuStreamSynchronize", ILLEGAL_ADDRESS, 0);
        assertThatThrownBy(() -> step(decoder))
                .isInstanceOfSatisfying(CudaException.class, e -> {
                    assertThat(e.sticky()).isTrue();
                    assertThat(e.call()).isEqualTo("cuStreamSynchronize");
                    assertThat(e.getMessage()).contains("ILLEGAL_ADDRESS", "700");
                });
        assertThatThrownBy(() -> step(decoder))
                .isInstanceOf(ModelClosedException.class)
                .hasMessageContaining("cuStreamSynchronize");
        decoder.close();
        driver.clearError();
        try (Decoder again = open(Map.of())) {
            assertThat(step(again)).isBetween(0, model.spec().vocabSize() - 1);
        }
    }

    @Test
    void anOrdinaryErrorLeavesTheDecoderUsable() {
        try (Decoder decoder = open(Map.of())) {
            int expected = step(decoder);
            driver.failNext("cuGraphLaunch", INVALID_VALUE, 0);
            assertThatThrownBy(() -> step(decoder))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("cuGraphLaunch");
            assertThat(step(decoder)).isEqualTo(expected);
        }
        assertThat(driver.liveObjects()).isEqualTo(liveBefore);
    }
}
