package dev.m1.cuda.decoder;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.spi.DType;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import dev.m1.spi.contract.RandomModel;
import java.util.Arrays;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What remains of batch invariance with cuBLASLt: a row has the same bits in every step of its bucket of sizes,
 * whatever is beside it, and with three parts nearly those of the kernels.
 */
class PrefillInvarianceTest {
    private static final int CONTEXT = 60;
    private static final int BLOCKS = 1; // of a sequence
    private static final int ROWS = 4;
    private static final int SEED = 61;

    private final RandomModel model = RandomModel.biased(DType.BF16, SEED);
    private final int vocab = model.spec().vocabSize();
    private final int[] ids = new Random(SEED).ints(CONTEXT, 0, vocab).toArray();

    private Decoder open(Prefill prefill) {
        TestDevice.require();
        Limits limits = new Limits(CONTEXT, ROWS, 128, ROWS * 64, KvType.F32, 1);
        return CudaDecoder.open(model.spec(), model, PrefillOptions.with(limits, prefill, 20));
    }

    /** Logits behind the sequence's first 20 tokens, with other rows before and behind it in the same step. */
    private float[] logits(Decoder decoder, int before, int behind, long seed) {
        Random random = new Random(seed);
        float[] logits = new float[vocab];
        StepBatch batch = new StepBatch(ROWS);
        if (before > 0) {
            other(batch, random, before, 1);
        }
        batch.addRow(ids, 0, 20, 0, table(0), BLOCKS).logits(logits);
        if (behind > 0) {
            other(batch, random, behind, 2);
        }
        decoder.step(batch, new StepResult(ROWS));
        return logits;
    }

    private void other(StepBatch batch, Random random, int tokens, int place) {
        batch.addRow(random.ints(tokens, 0, vocab).toArray(), 0, tokens, 0, table(place), BLOCKS);
    }

    private static int[] table(int place) {
        int[] table = new int[BLOCKS];
        Arrays.setAll(table, i -> place * BLOCKS + i);
        return table;
    }

    @ParameterizedTest
    @EnumSource(value = Prefill.class, names = {"CUBLASLT", "CUBLASLT_BF16"})
    void aRowDoesNotDependOnWhatIsBesideItInItsBucket(Prefill prefill) {
        try (Decoder decoder = open(prefill)) {
            float[] alone = logits(decoder, 0, 0, 1);
            assertThat(logits(decoder, 0, 44, 2)).as("64 tokens, the bucket's size").isEqualTo(alone);
            assertThat(logits(decoder, 1, 5, 3)).as("behind another row").isEqualTo(alone);
            assertThat(logits(decoder, 23, 10, 4)).as("between rows").isEqualTo(alone);
            float[] larger = logits(decoder, 0, 45, 5);
            if (!TestDevice.real()) { // whose library sums in another order then; others may
                assertThat(larger).as("65 tokens are of another bucket").isNotEqualTo(alone);
            }
            assertThat(decoder.description()).contains("prefill from 20 tokens: " + prefill.value());
        }
    }

    /**
     * Three parts are the activation, so only the order of summation differs: some dozen roundings of 2^-24 on the way
     * through three layers, of values around 1. A single part is off by 2^-9 at once.
     */
    @ParameterizedTest
    @EnumSource(value = Prefill.class, names = {"CUBLASLT", "CUBLASLT_BF16"})
    void logitsAreThoseOfTheKernelsWithinRounding(Prefill prefill) {
        float[] expected;
        float largest = 0;
        try (Decoder kernels = open(Prefill.KERNELS)) {
            expected = logits(kernels, 0, 0, 1);
        }
        for (float x : expected) {
            largest = Math.max(largest, Math.abs(x));
        }
        try (Decoder decoder = open(prefill)) {
            float[] actual = logits(decoder, 0, 0, 1);
            assertThat(actual).as("another order of summation").isNotEqualTo(expected);
            Offset<Float> close = Offset.offset(largest * 0x1p-16f);
            if (prefill == Prefill.CUBLASLT) {
                assertThat(actual).containsExactly(expected, close);
            } else {
                assertThat(actual).containsExactly(expected, Offset.offset(largest * 12 * 0x1p-9f));
                boolean rounded = false;
                for (int i = 0; i < vocab; i++) {
                    rounded |= Math.abs(actual[i] - expected[i]) > close.value;
                }
                assertThat(rounded).as("activations are rounded").isTrue();
            }
        }
    }
}
