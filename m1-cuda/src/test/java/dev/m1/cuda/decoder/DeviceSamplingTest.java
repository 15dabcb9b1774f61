package dev.m1.cuda.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.m1.cuda.driver.CudaException;
import dev.m1.sampling.Sampler;
import dev.m1.sampling.Sampling;
import dev.m1.spi.DType;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import dev.m1.spi.StepRow;
import dev.m1.spi.WeightType;
import dev.m1.spi.contract.RandomModel;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Ids that are more than the likeliest, through the decoder: those of core's sampler for the same logits, with and
 * without a graph, whether or not the logits come to the host, and after a step that failed.
 */
class DeviceSamplingTest {
    private static final int ROWS = 10;
    private static final int CONTEXT = 60;
    private static final int OUT_OF_MEMORY = 2;

    private final RandomModel model = RandomModel.qwen2(DType.F32, 51);
    private final int vocab = model.spec().vocabSize();
    private final int[][] ids = new int[ROWS][CONTEXT + 1];
    private final int[] lengths = new int[ROWS];
    private final Sampling[] samplings = new Sampling[ROWS];

    @AfterEach
    void mend() {
        if (!TestDevice.real()) {
            EmulatedDriver.require().clearError();
        }
    }

    /** For tests that let calls fail. */
    private static EmulatedDriver emulated() {
        assumeFalse(TestDevice.real(), "needs the emulated device");
        return EmulatedDriver.require();
    }

    private Decoder open(String eager) {
        Map<String, String> options = Map.of(CudaOptions.EAGER, eager);
        Limits limits = new Limits(CONTEXT, ROWS, 400, ROWS * 64, KvType.F32, WeightType.STORED, 1, options);
        return CudaDecoder.open(model.spec(), model, limits);
    }

    /** New sequences and knobs; of any seed, some rows are greedy, some have penalties, some are cut. */
    private void draw(int seed) {
        Random random = new Random(seed);
        for (int r = 0; r < ROWS; r++) {
            lengths[r] = 2 + random.nextInt(6);
            for (int i = 0; i < lengths[r]; i++) {
                ids[r][i] = random.nextInt(vocab);
            }
            samplings[r] = Sampling.builder()
                    .temperature(r % 3 == 0 ? 0 : 0.4 + 2 * random.nextDouble())
                    .topK(r % 4 == 1 ? 1 + random.nextInt(30) : 0)
                    .topP(r % 2 == 1 ? 0.3 + 0.6 * random.nextDouble() : 1)
                    .minP(r % 5 == 2 ? 0.2 * random.nextDouble() : 0)
                    .repetitionPenalty(r % 3 == 2 ? 1.6 : 1)
                    .frequencyPenalty(r == 3 ? 0.9 : 0)
                    .presencePenalty(r == 4 ? -0.7 : 0)
                    .seed(random.nextLong())
                    .build();
        }
    }

    private StepBatch batch(boolean first, float[][] logits) {
        StepBatch batch = new StepBatch(ROWS);
        for (int r = 0; r < ROWS; r++) {
            int fed = first ? lengths[r] : 1;
            StepRow row = batch.addRow(ids[r], lengths[r] - fed, fed, lengths[r] - fed, new int[] {r}, 1);
            if (r == 7) {
                continue; // wants nothing
            }
            row.sample(samplings[r], 100 + r).history(ids[r], lengths[r], lengths[r] / 2);
            if (logits != null) {
                row.logits(logits[r]);
            }
        }
        return batch;
    }

    private void checkStep(Decoder decoder, boolean first) {
        float[][] logits = new float[ROWS][vocab];
        StepResult result = new StepResult(ROWS);
        decoder.step(batch(first, logits), result);
        StepResult without = new StepResult(ROWS);
        decoder.step(batch(first, null), without); // writes the same keys and values again
        for (int r = 0; r < ROWS; r++) {
            if (r == 7) {
                continue;
            }
            int expected = new Sampler(vocab).sample(
                    logits[r].clone(), samplings[r], ids[r], lengths[r], lengths[r] / 2, 100 + r, lengths[r]);
            assertThat(result.sampled(r)).as("row %d: %s", r, samplings[r]).isEqualTo(expected);
            assertThat(without.sampled(r)).as("row %d without its logits", r).isEqualTo(expected);
            ids[r][lengths[r]++] = expected;
        }
        ids[7][lengths[7]++] = 1;
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "true"})
    void idsAreThoseOfTheReferenceSampler(String eager) {
        TestDevice.require();
        draw(eager.equals("true") ? 1 : 2);
        try (Decoder decoder = open(eager)) {
            checkStep(decoder, true);
            checkStep(decoder, false);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"cuMemcpyHtoDAsync_v2", "cuMemcpyDtoHAsync_v2", "cuLaunchKernel"})
    void aStepThatFailedCanBeRepeated(String call) {
        EmulatedDriver driver = emulated();
        draw(3);
        try (Decoder decoder = open("true")) {
            int failures = 0;
            // Of the uploads there are four: numbers, what attention works off, draws, histories. Downloads: one. Of
            // the launches the last ones are the sampler and the likeliest ids.
            for (int after : call.equals("cuLaunchKernel") ? new int[] {0, 12, 13} : new int[] {0, 1, 2, 3, 4}) {
                driver.failNext(call, OUT_OF_MEMORY, after);
                try {
                    decoder.step(batch(true, null), new StepResult(ROWS));
                } catch (CudaException e) {
                    assertThat(e.code()).isEqualTo(OUT_OF_MEMORY);
                    failures++;
                }
                driver.clearError();
            }
            assertThat(failures).isEqualTo(call.endsWith("HtoDAsync_v2") ? 4 : call.equals("cuLaunchKernel") ? 3 : 1);
            checkStep(decoder, true);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void logitsComeToTheHostOnlyForRowsThatAskForThem(boolean asked) {
        EmulatedDriver driver = emulated();
        draw(4);
        try (Decoder decoder = open("false")) {
            StepBatch batch = batch(true, null);
            batch.row(1).topLogprobs(5);
            if (asked) {
                batch.row(2).logits(new float[vocab]);
            }
            driver.failNext("cuMemcpyDtoHAsync_v2", OUT_OF_MEMORY, 1); // the second one: the first brings ids
            if (asked) {
                assertThatThrownBy(() -> decoder.step(batch, new StepResult(ROWS))).isInstanceOf(CudaException.class);
            } else {
                decoder.step(batch, new StepResult(ROWS));
            }
        }
    }
}
