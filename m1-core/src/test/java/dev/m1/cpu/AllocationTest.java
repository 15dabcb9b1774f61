package dev.m1.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.m1.cpu.kernels.Kernels;
import dev.m1.cpu.kernels.TestKernels;
import dev.m1.sampling.Sampling;
import dev.m1.spi.DType;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import dev.m1.spi.WeightType;
import dev.m1.spi.contract.RandomModel;
import dev.m1.testing.ChildJvm;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A step allocates nothing. The Vector API keeps that promise only in compiled code (interpreted, every vector is an
 * object), so the steps are repeated until a run of them is clean; code that allocates by itself never gets there.
 * Every variant has a JVM of its own, as in a host: the compiler's profile of one kind of kernels would spoil the code
 * of the other.
 *
 * <p>In about one JVM of four the compiler leaves a vector of one of these very short loops as an object for good (seen
 * on JDK 25; a model of real width has not shown it). So a variant may try several JVMs: one clean run proves that no
 * line of ours allocates, since all of them ran in it.
 */
class AllocationTest {
    private static final int CLEAN_STEPS = 30;
    private static final Duration PATIENCE = Duration.ofSeconds(25);
    private static final int JVMS = 6;

    @ParameterizedTest
    @CsvSource({"scalar,F32,STORED", "vector,F32,STORED", "vector,BF16,STORED", "vector,F32,PACKED", "vector,F32,Q8"})
    void stepsAllocateNothing(String kernels, KvType kv, WeightType weights) throws IOException, InterruptedException {
        List<String> flags = List.of("--add-modules", "jdk.incubator.vector");
        String wanted = "clean steps: " + CLEAN_STEPS;
        String output = "";
        for (int jvm = 0; jvm < JVMS && !output.contains(wanted); jvm++) {
            output = ChildJvm.run(flags, Child.class, kernels, kv.name(), weights.name());
        }
        assertThat(output).contains(wanted);
    }

    /** Prints how many steps in a row allocated nothing. */
    static final class Child {
        private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

        public static void main(String[] args) {
            Kernels kernels = args[0].equals("scalar") ? TestKernels.scalar() : TestKernels.vector();
            RandomModel model = RandomModel.qwen2(DType.BF16, 1);
            Limits limits = new Limits(200, 4, 100, 1000, KvType.valueOf(args[1]), 2)
                    .withWeights(WeightType.valueOf(args[2]));
            try (CpuDecoder decoder = CpuDecoder.open(model.spec(), model, limits, kernels)) {
                Steps steps = new Steps(decoder, model.spec().vocabSize());
                long deadline = System.nanoTime() + PATIENCE.toNanos();
                long[] threads = threads();
                long bytes = 0;
                int clean = 0;
                while (clean < CLEAN_STEPS && System.nanoTime() < deadline) {
                    long before = allocated(threads);
                    steps.run();
                    bytes = allocated(threads) - before;
                    clean = bytes == 0 ? clean + 1 : 0;
                }
                System.out.println("clean steps: " + clean + "; bytes of the last one: " + bytes);
            }
        }

        /** The caller and the workers. */
        private static long[] threads() {
            long[] ids = Thread.getAllStackTraces().keySet().stream()
                    .filter(t -> t == Thread.currentThread() || t.getName().startsWith("m1-cpu"))
                    .mapToLong(Thread::threadId)
                    .toArray();
            assertThat(ids).hasSize(2);
            return ids;
        }

        private static long allocated(long[] threads) {
            long sum = 0;
            for (long id : threads) {
                sum += THREADS.getThreadAllocatedBytes(id);
            }
            return sum;
        }
    }

    /** A prefill, a decode step of several rows that want everything there is, and a decode step of one. */
    private static final class Steps {
        private final CpuDecoder decoder;
        private final StepBatch batch = new StepBatch(4);
        private final StepResult result = new StepResult(4);
        private final int[] ids = new int[100];
        private final int[][] tables = new int[3][7];
        private final float[] logits;
        private final Sampling warm = Sampling.builder()
                .temperature(0.7)
                .topK(20)
                .topP(0.9)
                .repetitionPenalty(1.1)
                .build();

        Steps(CpuDecoder decoder, int vocab) {
            this.decoder = decoder;
            logits = new float[vocab];
            for (int r = 0; r < tables.length; r++) {
                int from = 7 * r;
                Arrays.setAll(tables[r], i -> from + i);
            }
            Arrays.setAll(ids, i -> i * 31 % vocab);
        }

        void run() {
            batch.clear();
            for (int[] table : tables) {
                batch.addRow(ids, 0, 33, 0, table, table.length).sample(Sampling.greedy(), 0);
            }
            decoder.step(batch, result);
            batch.clear();
            batch.addRow(ids, 0, 1, 33, tables[0], 7).tokenOfPreviousStep(2).logits(logits);
            batch.addRow(ids, 0, 1, 33, tables[1], 7).topLogprobs(20);
            batch.addRow(ids, 0, 1, 33, tables[2], 7).sample(warm, 1).history(ids, 34, 30);
            decoder.step(batch, result);
            batch.clear();
            batch.addRow(ids, 0, 1, 34, tables[2], 7).sample(Sampling.greedy(), 0);
            decoder.step(batch, result);
            decoder.copyBlocks(tables[0], tables[1], 2);
        }
    }
}
