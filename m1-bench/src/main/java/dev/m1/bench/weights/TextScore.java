package dev.m1.bench.weights;

import dev.m1.checkpoint.Checkpoint;
import dev.m1.spi.Decoder;
import dev.m1.spi.DecoderProvider;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import dev.m1.spi.WeightType;
import java.util.Arrays;
import java.util.ServiceLoader;

/**
 * How a model expects a text, id after id: the text is cut into windows that do not overlap, and every id but a
 * window's first is judged by the logits behind those before it.
 *
 * @param logprobs natural logarithm of the probability of each judged id
 * @param choices likeliest id in each place
 */
record TextScore(double[] logprobs, int[] choices) {
    /** {@code exp} of the mean negative log probability. */
    double perplexity() {
        return Math.exp(-Arrays.stream(logprobs).average().orElseThrow());
    }

    /** Share of places where both would have chosen the same id. */
    double agreement(TextScore other) {
        int same = 0;
        for (int i = 0; i < choices.length; i++) {
            same += choices[i] == other.choices[i] ? 1 : 0;
        }
        return (double) same / choices.length;
    }

    /**
     * Feeds the ids token by token, as decoding does, on all processors.
     *
     * @param window ids of a window, at least 2
     */
    static TextScore of(Checkpoint checkpoint, WeightType weights, int[] ids, int window) {
        int threads = Runtime.getRuntime().availableProcessors();
        Limits limits = new Limits(window, 1, 1, window, KvType.F32, threads).withWeights(weights);
        int windows = (ids.length + window - 1) / window;
        double[] logprobs = new double[ids.length - windows];
        int[] choices = new int[logprobs.length];
        float[] logits = new float[checkpoint.spec().vocabSize()];
        StepBatch batch = new StepBatch(1);
        StepResult result = new StepResult(1);
        try (Decoder decoder = cpu().open(checkpoint.spec(), checkpoint.weights(), limits)) {
            int[] table = new int[decoder.kv().blocksFor(window)];
            Arrays.setAll(table, i -> i);
            int judged = 0;
            for (int from = 0; from < ids.length; from += window) {
                int end = Math.min(from + window, ids.length);
                for (int i = from; i + 1 < end; i++) {
                    batch.clear();
                    batch.addRow(ids, i, 1, i - from, table, table.length).logits(logits);
                    decoder.step(batch, result);
                    choices[judged] = largest(logits);
                    logprobs[judged++] = logprob(logits, choices[judged - 1], ids[i + 1]);
                }
            }
        }
        return new TextScore(logprobs, choices);
    }

    private static DecoderProvider cpu() {
        return ServiceLoader.load(DecoderProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(p -> p.name().equals("cpu"))
                .findFirst()
                .orElseThrow();
    }

    private static int largest(float[] x) {
        int best = 0;
        for (int i = 1; i < x.length; i++) {
            best = x[i] > x[best] ? i : best;
        }
        return best;
    }

    private static double logprob(float[] logits, int best, int id) {
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp((double) logit - logits[best]);
        }
        return (double) logits[id] - logits[best] - Math.log(sum);
    }
}
