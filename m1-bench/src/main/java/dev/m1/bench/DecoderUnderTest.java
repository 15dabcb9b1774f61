package dev.m1.bench;

import dev.m1.bench.synthetic.ModelSource;
import dev.m1.checkpoint.Checkpoint;
import dev.m1.sampling.Sampling;
import dev.m1.spi.Decoder;
import dev.m1.spi.DecoderProvider;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import dev.m1.spi.StepRow;
import dev.m1.spi.WeightType;
import java.util.Arrays;
import java.util.ServiceLoader;

/**
 * A backend's decoder with sequences of a given context in its cache, proven before it is timed: decoding a token gives
 * the logits that feeding it as the end of a longer chunk gives, bit for bit, which is the backends' contract.
 */
final class DecoderUnderTest implements AutoCloseable {
    private static final int CHUNK = 16; // tokens of the chunk that the decoded token is checked against

    private final Checkpoint checkpoint;
    private final Decoder decoder;
    private final int context;
    private final int[] ids; // [context + 1]
    private final int[][] tables; // [batch][blocks of a sequence]
    private final StepBatch step;
    private final StepResult result;
    private final StepWork work;

    /**
     * Opens a model and feeds every sequence its context.
     *
     * @param shared whether the sequences have the whole blocks of their contexts in common, as branches do
     */
    DecoderUnderTest(
            String model,
            String backend,
            int context,
            int batch,
            KvType kv,
            WeightType weights,
            int threads,
            boolean shared) {
        this.context = context;
        checkpoint = Checkpoint.open(ModelSource.resolve(model));
        ModelSpec spec = checkpoint.spec();
        int contextTokens = context + 1;
        int workers = threads > 0 ? threads : Runtime.getRuntime().availableProcessors();
        long kvTokens = (long) batch * (contextTokens + 64);
        Limits limits = new Limits(contextTokens, batch, Math.max(batch, context), kvTokens, kv, workers)
                .withWeights(weights);
        decoder = provider(backend).open(spec, checkpoint.weights(), limits);
        ids = new int[contextTokens];
        Arrays.setAll(ids, i -> (int) ((i * 7919L + 13) % spec.vocabSize()));
        int blocks = decoder.kv().blocksFor(contextTokens);
        tables = new int[batch][blocks];
        for (int r = 0; r < batch; r++) {
            int first = r * blocks;
            int common = shared ? context / decoder.kv().blockTokens() : 0;
            Arrays.setAll(tables[r], i -> i < common ? i : first + i);
        }
        step = new StepBatch(batch);
        result = new StepResult(batch);
        long weightBytes = weights == WeightType.Q8
                ? decoder.memory().weightBytes()
                : checkpoint.weights().totalBytes();
        work = StepWork.of(spec, weightBytes, decoder.kv());
        prefill();
        for (int r = 1; r < batch; r++) {
            decoder.copyBlocks(tables[0], tables[r], blocks); // one prefill is enough for all
        }
        verify(spec.vocabSize());
    }

    private static DecoderProvider provider(String backend) {
        return ServiceLoader.load(DecoderProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(p -> p.name().equals(backend))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no backend '" + backend + "'"));
    }

    private void verify(int vocab) {
        float[][] decoded = new float[tables.length][vocab];
        step.clear();
        for (int r = 0; r < tables.length; r++) {
            addDecode(tables[r]).logits(decoded[r]);
        }
        decoder.step(step, result);
        int chunk = Math.min(CHUNK, context);
        int from = context + 1 - chunk;
        float[] fed = new float[vocab];
        step.clear();
        step.addRow(ids, from, chunk, from, tables[0], tables[0].length).logits(fed);
        decoder.step(step, result);
        for (float[] logits : decoded) {
            if (!Arrays.equals(logits, fed)) {
                throw new IllegalStateException("decode and prefill differ: the backend is broken, not timed");
            }
        }
        for (float logit : fed) {
            if (!Float.isFinite(logit)) {
                throw new IllegalStateException("a logit is " + logit);
            }
        }
    }

    private StepRow addDecode(int[] table) {
        return step.addRow(ids, context, 1, context, table, table.length);
    }

    StepWork work() {
        return work;
    }

    /** One new token for every sequence, greedy; the next call computes the same token again. */
    int decode() {
        step.clear();
        for (int[] table : tables) {
            addDecode(table).sample(Sampling.greedy(), 0);
        }
        decoder.step(step, result);
        return result.sampled(0);
    }

    /** The first sequence's whole context, in one step. */
    int prefill() {
        step.clear();
        step.addRow(ids, 0, context, 0, tables[0], tables[0].length).sample(Sampling.greedy(), 0);
        decoder.step(step, result);
        return result.sampled(0);
    }

    @Override
    public void close() {
        decoder.close();
        checkpoint.close();
    }
}
