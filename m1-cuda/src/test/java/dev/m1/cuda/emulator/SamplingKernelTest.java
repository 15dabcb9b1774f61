package dev.m1.cuda.emulator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.sampling.Sampler;
import dev.m1.sampling.Sampling;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code m1_sample} and {@code m1_top_logprobs} against the reference sampler: exactly its ids. */
class SamplingKernelTest {
    private static final int ROW_BYTES = 96;
    private static final int BLOCKS = 4; // fewer than rows: each draws several ids

    static Stream<Named<Supplier<Gpu>>> gpus() {
        return Gpus.all();
    }

    private record Row(float[] logits, Sampling sampling, int[] history, int generatedFrom, long index, int position) {}

    @ParameterizedTest
    @MethodSource("gpus")
    void picksWhatTheReferencePicks(Supplier<Gpu> open) {
        for (int vocab : new int[] {1, 31, 2100}) {
            List<Row> rows = rows(new Random(vocab), vocab);
            int[] actual = sample(open, rows, vocab);
            for (int i = 0; i < rows.size(); i++) {
                Row r = rows.get(i);
                int expected = new Sampler(vocab).sample(
                        r.logits().clone(), r.sampling(), r.history(), r.history().length, r.generatedFrom(),
                        r.index(), r.position());
                assertThat(actual[i]).as("vocabulary %d, row %d: %s", vocab, i, r.sampling()).isEqualTo(expected);
            }
        }
    }

    private static List<Row> rows(Random random, int vocab) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            float[] logits = Buffers.random(random, vocab, 1 + random.nextInt(6));
            if (i % 3 == 0) { // many equals, also at the edges of top-k and top-p
                for (int j = 0; j < vocab; j++) {
                    logits[j] = Math.round(logits[j]);
                }
            }
            if (i % 5 == 1) {
                Arrays.fill(logits, -0f);
            }
            Sampling sampling = Sampling.builder()
                    .temperature(i % 4 == 0 ? 0 : 0.3 + random.nextDouble() * 2)
                    .topK(random.nextInt(3) == 0 ? 1 + random.nextInt(60) : 0)
                    .topP(random.nextBoolean() ? 0.05 + 0.95 * random.nextDouble() : 1)
                    .minP(random.nextInt(3) == 0 ? random.nextDouble() : 0)
                    .repetitionPenalty(random.nextInt(3) == 0 ? 0.5 + random.nextDouble() : 1)
                    .presencePenalty(random.nextInt(3) == 0 ? random.nextGaussian() : 0)
                    .frequencyPenalty(random.nextInt(3) == 0 ? random.nextGaussian() : 0)
                    .seed(random.nextLong())
                    .build();
            int[] history = random.ints(random.nextInt(50), 0, vocab).toArray();
            rows.add(new Row(logits, sampling, history, history.length / 3, random.nextLong(), random.nextInt(10000)));
        }
        return rows;
    }

    private static int[] sample(Supplier<Gpu> open, List<Row> rows, int vocab) {
        try (Gpu gpu = open.get()) {
            int n = rows.size();
            int ldl = Buffers.padded(vocab);
            float[] logits = new float[n * ldl];
            Arrays.fill(logits, Float.NaN);
            ByteBuffer parameters = ByteBuffer.allocate(n * ROW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            List<Integer> history = new ArrayList<>(List.of(-1, -1));
            for (int i = 0; i < n; i++) {
                Row r = rows.get(i);
                Sampling s = r.sampling();
                System.arraycopy(r.logits(), 0, logits, i * ldl, vocab);
                parameters.putDouble(s.temperature()).putDouble(s.topP()).putDouble(s.minP());
                parameters.putDouble(s.repetitionPenalty()).putDouble(s.presencePenalty());
                parameters.putDouble(s.frequencyPenalty()).putLong(s.seed()).putLong(r.index());
                parameters.putInt(s.topK()).putInt(r.position()).putInt(history.size());
                parameters.putInt(r.history().length).putInt(r.generatedFrom()).putInt(i).putInt(n - 1 - i).putInt(0);
                Arrays.stream(r.history()).forEach(history::add);
            }
            MemorySegment device = gpu.allocate(parameters.capacity());
            device.copyFrom(MemorySegment.ofArray(parameters.array()));
            MemorySegment marks = gpu.allocate(4L * BLOCKS * vocab).fill((byte) 0);
            MemorySegment sampled = gpu.allocate(4L * n);
            gpu.launch(
                    "m1_sample", BLOCKS, 1, 1024, 0, Buffers.floats(gpu, logits), ldl, vocab, device,
                    Buffers.ints(gpu, history.stream().mapToInt(i -> i).toArray()), likeliest(gpu, rows),
                    gpu.allocate(4L * BLOCKS * vocab), marks, gpu.allocate(8L * BLOCKS * vocab), sampled,
                    Buffers.ints(gpu, n));
            assertThat(Buffers.ints(marks, BLOCKS * vocab)).containsOnly(0);
            int[] byRow = Buffers.ints(sampled, n);
            int[] ids = new int[n];
            Arrays.setAll(ids, i -> byRow[n - 1 - i]);
            return ids;
        }
    }

    /** As the LM head leaves them: the order of floats above, the complement of the id below. */
    private static MemorySegment likeliest(Gpu gpu, List<Row> rows) {
        int[] keys = new int[2 * rows.size()];
        for (int i = 0; i < rows.size(); i++) {
            float[] logits = rows.get(i).logits();
            int best = 0;
            for (int j = 1; j < logits.length; j++) {
                best = logits[j] > logits[best] ? j : best;
            }
            int bits = Float.floatToRawIntBits(logits[best] + 0f);
            keys[2 * i] = ~best;
            keys[2 * i + 1] = bits < 0 ? ~bits : bits | Integer.MIN_VALUE;
        }
        return Buffers.ints(gpu, keys);
    }

    /** An emulated device or PTX interpreter would notice a search that finds nothing: it reads what nobody wrote. */
    @ParameterizedTest
    @MethodSource("gpus")
    void logitsThatAreNotFiniteGetNoId(Supplier<Gpu> open) {
        int vocab = 40;
        float[] logits = new float[vocab];
        Arrays.fill(logits, Float.NaN);
        try (Gpu gpu = open.get()) {
            ByteBuffer draw = ByteBuffer.allocate(ROW_BYTES).order(ByteOrder.LITTLE_ENDIAN);
            draw.putDouble(0.7).putDouble(0.9).putDouble(0.1).putDouble(1).putDouble(0).putDouble(0);
            MemorySegment device = gpu.allocate(ROW_BYTES);
            device.copyFrom(MemorySegment.ofArray(draw.array()));
            MemorySegment sampled = Buffers.ints(gpu, -5);
            gpu.launch("m1_sample", 1, 1, 1024, 0, Buffers.floats(gpu, logits), vocab, vocab, device, device,
                    Buffers.ints(gpu, ~3, -1), device, device, device, sampled, Buffers.ints(gpu, 1));
            assertThat(Buffers.ints(sampled, 1)).containsExactly(-5);
        }
    }

    @ParameterizedTest
    @MethodSource("gpus")
    void namesTheLikeliestWithTheirProbabilities(Supplier<Gpu> open) {
        int vocab = 700;
        int most = 20;
        float[] logits = Buffers.random(new Random(8), 2 * vocab, 3);
        logits[vocab + 5] = logits[vocab + 600] = 20; // equals
        try (Gpu gpu = open.get()) {
            MemorySegment ids = gpu.allocate(4L * 2 * most);
            MemorySegment logprobs = gpu.allocate(4L * 2 * most);
            gpu.launch("m1_top_logprobs", 2, 1, 1024, 0, Buffers.floats(gpu, logits), vocab, vocab,
                    Buffers.ints(gpu, 1, most, 0, 3), most, ids, logprobs, Buffers.ints(gpu, 2));
            for (int row = 0; row < 2; row++) {
                int from = row * vocab;
                Integer[] order = new Integer[vocab];
                Arrays.setAll(order, i -> i);
                Arrays.sort(order, (a, b) -> Float.compare(logits[from + b], logits[from + a])); // stable
                double sum = 0;
                for (int i = 0; i < vocab; i++) {
                    sum += Math.exp((double) logits[from + i] - logits[from + order[0]]);
                }
                for (int n = 0; n < (row == 0 ? 3 : most); n++) {
                    assertThat(ids.getAtIndex(java.lang.foreign.ValueLayout.JAVA_INT, row * most + n))
                            .isEqualTo(order[n]);
                    double expected = logits[from + order[n]] - logits[from + order[0]] - Math.log(sum);
                    // exp within 4 ulp, a tree of 700 sums, logarithm and differences within an ulp of values below 32
                    assertThat((double) logprobs.getAtIndex(java.lang.foreign.ValueLayout.JAVA_FLOAT, row * most + n))
                            .isCloseTo(expected, Offset.offset(1e-5));
                }
            }
        }
    }
}
