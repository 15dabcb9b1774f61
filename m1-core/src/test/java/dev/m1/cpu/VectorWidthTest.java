package dev.m1.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.cpu.kernels.KernelSelection;
import dev.m1.cpu.kernels.Kernels;
import dev.m1.cpu.kernels.TestKernels;
import dev.m1.spi.DType;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import dev.m1.spi.WeightType;
import dev.m1.spi.contract.RandomModel;
import dev.m1.testing.ChildJvm;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Vectors as narrow as on other machines give the bits of plain Java too, for all kinds of weights and caches. The JVM
 * has a flag for its widest vector; it cannot make vectors wider than the machine's.
 */
class VectorWidthTest {
    private static final int ROWS = 9; // two tiles of tokens and a rest
    private static final int PROMPT = 41;

    @ParameterizedTest
    @CsvSource({"16, 128-bit", "32, -bit"})
    void narrowVectorsGiveTheSameBits(int bytes, String width) throws IOException, InterruptedException {
        List<String> flags = List.of("--add-modules", "jdk.incubator.vector", "-XX:MaxVectorSize=" + bytes);
        String output = ChildJvm.run(flags, Child.class);
        assertThat(output).contains("cpu: Vector API, ").contains(width);
        assertThat(output.lines().filter(line -> line.startsWith("bits ")))
                .containsExactlyElementsOf(Child.bits(TestKernels.scalar()));
    }

    /** Prints a line of bits for every kind of weights and cache. */
    static final class Child {
        private static String description;

        public static void main(String[] args) {
            bits(KernelSelection.best()).forEach(System.out::println);
            System.out.println(description);
        }

        static List<String> bits(Kernels kernels) {
            List<String> lines = new ArrayList<>();
            for (WeightType weights : WeightType.values()) {
                for (KvType kv : KvType.values()) {
                    for (DType stored : List.of(DType.BF16, DType.F32)) {
                        int hash = run(kernels, weights, kv, stored);
                        lines.add("bits " + weights + " " + kv + " " + stored + " " + hash);
                    }
                }
            }
            return lines;
        }

        /** A prompt for one row, then a token for each of several rows that share it. */
        private static int run(Kernels kernels, WeightType weights, KvType kv, DType stored) {
            RandomModel model = RandomModel.biased(stored, 91);
            Limits limits = new Limits(64, ROWS, 64, 64 * (ROWS + 1), kv, 2).withWeights(weights);
            try (Decoder decoder = CpuDecoder.open(model.spec(), model, limits, kernels)) {
                description = decoder.description();
                int[] ids = new int[PROMPT];
                Arrays.setAll(ids, i -> i * 5 % 89);
                float[][] logits = new float[ROWS][model.spec().vocabSize()];
                StepBatch batch = new StepBatch(ROWS);
                StepResult result = new StepResult(ROWS);
                int[][] tables = new int[ROWS][];
                Arrays.setAll(tables, r -> new int[] {2 * r + 1, 2 * r});
                batch.addRow(ids, 0, PROMPT, 0, tables[0], 2).logits(logits[0]);
                decoder.step(batch, result);
                int hash = Arrays.hashCode(logits[0]);
                batch.clear();
                for (int r = 0; r < ROWS; r++) {
                    if (r > 0) {
                        decoder.copyBlocks(tables[0], tables[r], 2);
                    }
                    batch.addRow(ids, r, 1, PROMPT, tables[r], 2).logits(logits[r]);
                }
                decoder.step(batch, result);
                return 31 * hash + Arrays.deepHashCode(logits);
            }
        }
    }
}
