package dev.m1.bench;

import dev.m1.checkpoint.Checkpoint;
import dev.m1.sampling.Sampling;
import dev.m1.spi.Decoder;
import dev.m1.spi.DecoderProvider;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.ServiceLoader;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Speed of a backend's steps on a checkpoint: {@code -p model=DIR}. One operation is one step, so a score of
 * {@code decode} is steps per second; the counters say tokens, gigabytes of weights and billions of operations per
 * second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput) // steps per second, from which the counters' rates follow
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(value = 1, jvmArgsAppend = "--add-modules=jdk.incubator.vector") // a fresh profile per parameter set
@Warmup(iterations = 4, time = 10) // the first prefill of a large model runs mostly interpreted
@Measurement(iterations = 8, time = 5)
public class DecoderBenchmark {
    /** Checkpoint folder; the default asks for one. */
    @Param("")
    public String model;

    /** Backend, by its provider's name. */
    @Param("cpu")
    public String backend;

    /** Tokens in the cache when a decode step begins, and tokens of a prefill. */
    @Param("512")
    public int context;

    /** Sequences decoded together. */
    @Param({"1", "4"})
    public int batch;

    @Param("BF16")
    public KvType kv;

    /** Compute threads; 0 means one per processor. */
    @Param("0")
    public int threads;

    private Checkpoint checkpoint;
    private Decoder decoder;
    private int[] ids; // [context + 1]
    private int[][] tables; // [batch][blocks of a sequence]
    private StepBatch step;
    private StepResult result;
    private double linearOperations; // of one token, without the LM head

    /** Rates beside the score. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.OPERATIONS)
    public static class Rates {
        /** New tokens per second. */
        public double tokens;

        /** Weights read per second, if every step reads each once, in 10^9 bytes. */
        public double gigabytes;

        /** Products and sums of the layers' matrices per second, in 10^9. */
        public double gigaflops;

        @Setup(Level.Iteration)
        public void clear() {
            tokens = 0;
            gigabytes = 0;
            gigaflops = 0;
        }

        void add(int newTokens, double bytes, double operations) {
            tokens += newTokens;
            gigabytes += bytes / 1e9;
            gigaflops += operations / 1e9;
        }
    }

    @Setup
    public void open() {
        if (model.isEmpty()) {
            throw new IllegalArgumentException("say which checkpoint: -p model=DIR");
        }
        checkpoint = Checkpoint.open(Path.of(model));
        ModelSpec spec = checkpoint.spec();
        int contextTokens = context + 1;
        int workers = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        Limits limits = new Limits(
                contextTokens, batch, Math.max(batch, context), (long) batch * (contextTokens + 64), kv, workers);
        decoder = provider().open(spec, checkpoint.weights(), limits);
        ids = new int[contextTokens];
        Arrays.setAll(ids, i -> (int) ((i * 7919L + 13) % spec.vocabSize()));
        int blocks = decoder.kv().blocksFor(contextTokens);
        tables = new int[batch][blocks];
        for (int r = 0; r < batch; r++) {
            int first = r * blocks;
            Arrays.setAll(tables[r], i -> first + i);
        }
        step = new StepBatch(batch);
        result = new StepResult(batch);
        long embeddings = (spec.tiedEmbeddings() ? 1L : 2L) * spec.vocabSize() * spec.hiddenSize();
        linearOperations = 2.0 * (spec.parameters() - embeddings);
        verify(spec.vocabSize());
    }

    private DecoderProvider provider() {
        return ServiceLoader.load(DecoderProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(p -> p.name().equals(backend))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no backend " + backend));
    }

    /** The result before the time: decoding after a prefill must give what a longer prefill gives, bit for bit. */
    private void verify(int vocab) {
        float[][] decoded = new float[batch][vocab];
        for (int[] table : tables) {
            step.clear();
            step.addRow(ids, 0, context, 0, table, table.length);
            decoder.step(step, result);
        }
        step.clear();
        for (int r = 0; r < batch; r++) {
            step.addRow(ids, context, 1, context, tables[r], tables[r].length).logits(decoded[r]);
        }
        decoder.step(step, result);
        float[] prefilled = new float[vocab];
        step.clear();
        step.addRow(ids, 1, context, 1, tables[0], tables[0].length).logits(prefilled);
        decoder.step(step, result);
        for (float[] logits : decoded) {
            if (!Arrays.equals(logits, prefilled)) {
                throw new IllegalStateException("decode and prefill differ: the backend is broken, not timed");
            }
        }
    }

    @TearDown
    public void close() {
        decoder.close();
        checkpoint.close();
    }

    /** One new token for every sequence, greedy. */
    @Benchmark
    public int decode(Rates rates) {
        step.clear();
        for (int[] table : tables) {
            step.addRow(ids, context, 1, context, table, table.length).sample(Sampling.greedy(), 0);
        }
        decoder.step(step, result);
        rates.add(batch, checkpoint.weights().totalBytes(), batch * linearOperations);
        return result.sampled(0);
    }

    /** A whole prompt of {@code context} tokens, alone. */
    @Benchmark
    public int prefill(Rates rates) {
        step.clear();
        step.addRow(ids, 0, context, 0, tables[0], tables[0].length).sample(Sampling.greedy(), 0);
        decoder.step(step, result);
        rates.add(context, checkpoint.weights().totalBytes(), context * linearOperations);
        return result.sampled(0);
    }
}
