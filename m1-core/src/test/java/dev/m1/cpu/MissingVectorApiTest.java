package dev.m1.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.sampling.Sampling;
import dev.m1.spi.DType;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import dev.m1.spi.contract.RandomModel;
import dev.m1.testing.ChildJvm;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Without the flag a model runs all the same, with one warning, and gives the same bits. */
class MissingVectorApiTest {
    private static final String FLAG = "--add-modules jdk.incubator.vector";

    @Test
    void scalarKernelsTakeOverWithOneWarning() throws IOException, InterruptedException {
        String output = ChildJvm.run(List.of(), Child.class);
        assertThat(output).contains("bits " + Child.run());
        assertThat(output).contains("cpu: scalar");
        assertThat(output.split(FLAG, -1)).as(output).hasSize(2); // named once
    }

    /** Opens a model through the provider and prints what came out. */
    static final class Child {
        private static String description;

        public static void main(String[] args) {
            run();
            System.out.println("bits " + run()); // a second model: no second warning
            System.out.println(description);
        }

        static int run() {
            RandomModel model = RandomModel.qwen2(DType.BF16, 77);
            Limits limits = new Limits(64, 1, 64, 64, KvType.BF16, 2);
            try (Decoder decoder = new CpuDecoderProvider().open(model.spec(), model, limits)) {
                description = decoder.description();
                int[] ids = new int[40];
                Arrays.setAll(ids, i -> i * 7);
                float[] logits = new float[model.spec().vocabSize()];
                StepBatch batch = new StepBatch(1);
                batch.addRow(ids, 0, ids.length, 0, new int[] {1, 0}, 2).sample(Sampling.greedy(), 0).logits(logits);
                decoder.step(batch, new StepResult(1));
                return Arrays.hashCode(logits);
            }
        }
    }
}
