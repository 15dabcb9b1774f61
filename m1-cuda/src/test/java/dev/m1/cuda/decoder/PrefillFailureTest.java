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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** cuBLASLt calls that fail, options that make no sense, and that nothing stays behind. */
class PrefillFailureTest {
    private static final int ALLOC_FAILED = 3;
    private static final int EXECUTION_FAILED = 13;
    private static final long DEVICE_BYTES = 8L << 30;

    private final RandomModel model = RandomModel.biased(DType.BF16, 71);
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

    private Decoder open(RandomModel of, Map<String, String> options) {
        Limits limits = new Limits(100, 2, 20, 200, KvType.F32, WeightType.STORED, 1, options);
        return CudaDecoder.open(of.spec(), of, limits);
    }

    private Decoder open() {
        return open(model, Map.of(CudaOptions.PREFILL, "cublaslt", CudaOptions.PREFILL_TOKENS, "4"));
    }

    private static int step(Decoder decoder) {
        StepBatch batch = new StepBatch(2);
        StepResult result = new StepResult(2);
        batch.addRow(new int[] {1, 2, 3, 4, 5}, 0, 5, 0, new int[] {0, 1}, 2).sample(Sampling.greedy(), 0);
        decoder.step(batch, result);
        return result.sampled(0);
    }

    @Test
    void closingGivesEverythingBackAndItTakesWhatItSays() {
        long total;
        try (Decoder decoder = open()) {
            step(decoder);
            total = decoder.memory().totalBytes();
            try (Decoder kernels = open(model, Map.of())) {
                // The workspace, and activations and results of 64 rows.
                assertThat(total - kernels.memory().totalBytes()).isGreaterThan(32 << 20);
            }
        }
        assertThat(driver.liveObjects()).isEqualTo(liveBefore);
        driver.memory(1L << 30, total); // the emulated device refuses what is beyond
        try (Decoder decoder = open()) {
            assertThat(step(decoder)).isNotNegative();
        }
        driver.memory(1L << 30, total - 1);
        assertThatThrownBy(this::open).isInstanceOf(BackendException.class).hasMessageContaining("needs");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "cublasLtCreate", "cublasLtMatmulDescCreate", "cublasLtMatmulDescSetAttribute",
        "cublasLtMatmulPreferenceCreate", "cublasLtMatmulPreferenceSetAttribute", "cublasLtMatrixLayoutCreate",
        "cublasLtMatmulAlgoGetHeuristic",
        "cublasLtMatmulAlgoConfigGetAttribute", "cublasLtMatmul"
    })
    void aCallThatFailsWhileOpening(String call) {
        List<String> messages = new ArrayList<>();
        for (int after : new int[] {0, 3}) {
            driver.failNext(call, ALLOC_FAILED, after);
            try (Decoder decoder = open()) {
                assertThat(decoder.kv().blocks()).isPositive(); // there are fewer such calls
            } catch (CudaException e) {
                assertThat(e.call()).isEqualTo(call);
                assertThat(e.code()).isEqualTo(ALLOC_FAILED);
                assertThat(e.sticky()).isFalse();
                messages.add(e.getMessage());
            } finally {
                driver.clearError();
            }
            assertThat(driver.liveObjects()).as("after failure %d of %s", after, call).isEqualTo(liveBefore);
        }
        assertThat(messages)
                .isNotEmpty()
                .allSatisfy(m -> assertThat(m).contains(call, "CUBLAS_STATUS_ALLOC_FAILED (3)"));
    }

    @Test
    void aProductThatFailsOnTheDeviceClosesItsDecoderOnly() {
        try (Decoder other = open()) {
            int expected = step(other);
            Decoder decoder = open();
            step(decoder);
            driver.failNext("cublasLtMatmul", EXECUTION_FAILED, 2);
            assertThatThrownBy(() -> step(decoder))
                    .isInstanceOfSatisfying(CudaException.class, e -> {
                        assertThat(e.sticky()).isTrue();
                        assertThat(e.call()).isEqualTo("cublasLtMatmul");
                        assertThat(e.name()).isEqualTo("CUBLAS_STATUS_EXECUTION_FAILED");
                    });
            assertThatThrownBy(() -> step(decoder))
                    .isInstanceOf(ModelClosedException.class)
                    .hasMessageContaining("cublasLtMatmul");
            decoder.close();
            assertThat(step(other)).isEqualTo(expected);
        }
        assertThat(driver.liveObjects()).isEqualTo(liveBefore);
    }

    @Test
    void aProductThatIsRefusedLeavesTheDecoderUsable() {
        try (Decoder decoder = open()) {
            int expected = step(decoder);
            driver.failNext("cublasLtMatmul", ALLOC_FAILED, 0);
            assertThatThrownBy(() -> step(decoder))
                    .isInstanceOf(CudaException.class)
                    .hasMessageContaining("cublasLtMatmul");
            assertThat(step(decoder)).isEqualTo(expected);
        }
        assertThat(driver.liveObjects()).isEqualTo(liveBefore);
    }

    @ParameterizedTest
    @CsvSource({
        "M1_CUDA_PREFILL, cublas, 'kernels, cublaslt, cublaslt-bf16, got cublas'",
        "M1_CUDA_PREFILL_TOKENS, 0, got 0",
        "M1_CUDA_PREFILL_TOKENS, many, got many",
        "M1_CUDA_TENSOR_CORES, false, M1_CUDA_PREFILL=cublaslt uses tensor cores",
    })
    void optionsThatMakeNoSense(String name, String value, String message) {
        Map<String, String> options = name.equals(CudaOptions.PREFILL)
                ? Map.of(name, value)
                : Map.of(CudaOptions.PREFILL, "cublaslt", name, value);
        assertThatThrownBy(() -> open(model, options))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(name, message);
        assertThat(driver.liveObjects()).isEqualTo(liveBefore);
    }

    @Test
    void whatTheOptionDoesNotApplyToKeepsTheKernels() {
        RandomModel floats = RandomModel.biased(DType.F32, 71);
        int expected;
        try (Decoder kernels = open(floats, Map.of())) {
            expected = step(kernels);
            assertThat(kernels.description()).doesNotContain("prefill");
        }
        Map<String, String> options = Map.of(CudaOptions.PREFILL, "cublaslt-bf16", CudaOptions.PREFILL_TOKENS, "4");
        driver.failNext("cublasLtMatmul", EXECUTION_FAILED, 0);
        try (Decoder decoder = open(floats, options)) {
            assertThat(step(decoder)).isEqualTo(expected);
            assertThat(decoder.description()).contains("prefill: kernels, no matrix is bfloat16");
        }
        try (Decoder decoder = open(model, Map.of(CudaOptions.PREFILL, "cublaslt"))) {
            assertThat(step(decoder)).isNotNegative();
            assertThat(decoder.description()).contains("prefill: kernels, no step has the 128 tokens");
        }
    }
}
