package dev.m1.cuda.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.cuda.decoder.EmulatedDriver.Schedule;
import dev.m1.spi.DType;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import dev.m1.spi.contract.RandomModel;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Threads of a block, and blocks, in ascending, descending and random order give the same bits, in a step of several
 * rows and in long contexts, whose attention is shared by many blocks. A missing barrier shows here.
 */
class ScheduleTest {
    private static final int CONTEXT = 290; // two splits of attention
    private static final int PAGES = 5;

    static Stream<RandomModel> models() {
        return Stream.of(RandomModel.biased(DType.BF16, 31), RandomModel.qwen3(DType.F16, 32));
    }

    @AfterEach
    void mend() {
        EmulatedDriver.require().schedule(Schedule.FORWARD, 1);
    }

    @ParameterizedTest
    @MethodSource("models")
    void anyOrderOfThreadsGivesTheSameBits(RandomModel model) {
        EmulatedDriver driver = EmulatedDriver.require();
        driver.schedule(Schedule.FORWARD, 1);
        float[][] expected = run(model);
        driver.schedule(Schedule.REVERSE, 1);
        assertThat(run(model)).isDeepEqualTo(expected);
        driver.schedule(Schedule.RANDOM, 17);
        assertThat(run(model)).isDeepEqualTo(expected);
        assertThat(expected[0]).as("a token fed alone and with others").isEqualTo(expected[1]);
    }

    /** Logits of a long context's next token, split and unsplit, and of a short row beside it. */
    private static float[][] run(RandomModel model) {
        int vocab = model.spec().vocabSize();
        int[] ids = new Random(34).ints(CONTEXT, 0, vocab).toArray();
        try (Decoder decoder = CudaDecoder.open(
                model.spec(), model, new Limits(CONTEXT, 3, CONTEXT, 3 * CONTEXT, KvType.BF16, 1))) {
            int[] first = table(0);
            int[] second = table(PAGES);
            int[] third = table(2 * PAGES);
            int last = CONTEXT - 1;
            float[][] logits = new float[3][vocab];
            StepBatch batch = new StepBatch(3);
            StepResult result = new StepResult(3);
            batch.addRow(ids, 0, last, 0, first, PAGES);
            decoder.step(batch, result);
            batch.clear();
            batch.addRow(ids, last, 1, last, first, PAGES).logits(logits[0]); // attention in two splits
            batch.addRow(ids, 0, 7, 0, third, PAGES).logits(logits[2]);
            decoder.step(batch, result);
            batch.clear();
            batch.addRow(ids, 0, CONTEXT, 0, second, PAGES).logits(logits[1]); // all in one
            decoder.step(batch, result);
            return logits;
        }
    }

    private static int[] table(int from) {
        int[] table = new int[PAGES];
        Arrays.setAll(table, i -> from + i);
        return table;
    }
}
