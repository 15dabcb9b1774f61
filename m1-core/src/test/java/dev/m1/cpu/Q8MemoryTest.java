package dev.m1.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.errors.BackendException;
import dev.m1.spi.DType;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.WeightType;
import dev.m1.spi.contract.RandomModel;
import dev.m1.testing.ChildJvm;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** 8-bit weights are copies, so they may not fit; what is said then names their size. */
class Q8MemoryTest {
    @Test
    void tooLittleMemoryIsAnErrorThatNamesTheSizes() throws IOException, InterruptedException {
        String output = ChildJvm.run(List.of("-XX:MaxDirectMemorySize=100k"), Child.class);
        assertThat(output)
                .contains("refused: cpu: no memory for " + Child.weightBytes() + " bytes of Q8 weights")
                .contains("-XX:MaxDirectMemorySize");
    }

    /** Opens a model whose KV cache fits (32 KB) and whose weights do not. */
    static final class Child {
        private static final RandomModel MODEL = RandomModel.qwen2(DType.BF16, 1);

        public static void main(String[] args) {
            Limits limits = new Limits(64, 1, 64, 64, KvType.F32, 2).withWeights(WeightType.Q8);
            try {
                new CpuDecoderProvider().open(MODEL.spec(), MODEL, limits).close();
            } catch (BackendException e) {
                System.out.println("refused: " + e.getMessage());
            }
        }

        /** Vocabulary 307, hidden 112 (4 blocks), intermediate 200 (7 blocks), query dim 224 (7 blocks), 2 layers. */
        static long weightBytes() {
            long block = 32 + 4;
            long layer = ((224 + 32 + 32 + 200 + 200) * 4 + 112 * 7 + 112 * 7) * block; // q k v gate up, o, down
            long floats = 112 + 2 * (112 + 112 + 224 + 32 + 32); // norms and biases
            return 2 * 307 * 4 * block + 2 * layer + floats * Float.BYTES;
        }
    }
}
