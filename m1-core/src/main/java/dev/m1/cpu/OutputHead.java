package dev.m1.cpu;

import dev.m1.cpu.WorkerPool.Task;
import dev.m1.cpu.kernels.Kernels;
import dev.m1.cpu.kernels.Projection;
import dev.m1.cpu.kernels.TensorReader;
import dev.m1.errors.NonFiniteLogitsException;
import dev.m1.sampling.Sampler;
import dev.m1.sampling.Sampling;
import dev.m1.sampling.TopIds;
import dev.m1.spi.Limits;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.StepPlan;
import dev.m1.spi.StepResult;
import dev.m1.spi.StepRow;
import dev.m1.spi.TensorRole;
import dev.m1.spi.WeightSource;
import java.util.Arrays;

/**
 * From hidden states to what the rows want: last norm, LM head, and then the id, the likeliest ids or the logits. Only
 * for rows that want something, only for their last token, and at most {@link #MAX_ROWS} at a time.
 */
final class OutputHead {
    static final int MAX_ROWS = 16;
    private static final int SCAN = 256; // logits, at least, that a worker looks through at a time
    private static final int INFINITE = 0x7f800000; // bits of infinity; a NaN's are above

    private final Kernels kernels;
    private final WorkerPool pool;
    private final Scratch[] scratch; // [workers]
    private final Products products;
    private final float eps;
    private final int hiddenSize;
    private final int vocabSize;
    private final float[] gain; // [hidden]
    private final Projection head; // [vocab, hidden]
    private final float[] normed; // [rows, hidden]
    private final float[] logits; // [rows, vocab]
    private final float[][] copies; // [rows][vocab]
    private final Sampler[] samplers; // [rows]
    private final int[] bestIds; // [workers, rows]: likeliest id of the worker's ranges, -1 if it had none
    private final int[] largestBits; // [workers, rows]: largest magnitude of the ranges, as bits

    private final Task norm = this::norm;
    private final Task scan = this::scan;
    private final Task finish = this::finish;

    private StepPlan plan;
    private StepResult out;
    private float[] hidden; // [wanted, hidden]
    private int first; // index of the first wanted row at hand
    private int rows; // wanted rows at hand

    OutputHead(
            ModelSpec spec,
            WeightSource weights,
            Matrices matrices,
            Limits limits,
            Kernels kernels,
            WorkerPool pool,
            Scratch[] scratch,
            Products products) {
        this.kernels = kernels;
        this.pool = pool;
        this.scratch = scratch;
        this.products = products;
        eps = spec.rmsNormEps();
        hiddenSize = spec.hiddenSize();
        vocabSize = spec.vocabSize();
        gain = TensorReader.floats(weights.tensor(TensorRole.OUTPUT_NORM, 0));
        TensorRole role = spec.tiedEmbeddings() ? TensorRole.EMBEDDING : TensorRole.LM_HEAD;
        head = matrices.projection(0, new Matrices.Biased(role, null));
        int most = Math.min(limits.maxSequences(), MAX_ROWS);
        normed = new float[most * hiddenSize];
        logits = new float[most * vocabSize];
        copies = new float[most][vocabSize];
        samplers = new Sampler[most];
        for (int i = 0; i < most; i++) {
            samplers[i] = new Sampler(vocabSize);
        }
        bestIds = new int[pool.size() * most];
        largestBits = new int[pool.size() * most];
    }

    /**
     * Serves every row that wants logits.
     *
     * @param states {@code [wanted, hidden]}, of the wanted rows' last tokens
     * @throws NonFiniteLogitsException naming the first such row and its position
     */
    void run(StepPlan step, float[] states, StepResult result) {
        plan = step;
        hidden = states;
        out = result;
        for (first = 0; first < step.wantedCount(); first += samplers.length) {
            rows = Math.min(samplers.length, step.wantedCount() - first);
            pool.run(norm, rows, 1);
            products.run(head, normed, hiddenSize, rows, logits, false);
            Arrays.fill(bestIds, -1);
            Arrays.fill(largestBits, 0);
            pool.run(scan, vocabSize, SCAN);
            checkFinite();
            pool.run(finish, rows, 1);
            for (int i = 0; i < rows; i++) {
                int row = step.wanted(first + i);
                if (step.row(row).sampling() != null) {
                    step.sampled(row, result.sampled(row));
                }
            }
        }
    }

    /** normed = RMSNorm(hidden) */
    private void norm(int worker, int begin, int end) {
        for (int i = begin; i < end; i++) {
            int from = (first + i) * hiddenSize;
            RmsNorm.apply(kernels, hidden, from, gain, eps, normed, i * hiddenSize, scratch[worker].lanes);
        }
    }

    /** The likeliest id and the largest magnitude of a range, which are compared with those of the worker's others. */
    private void scan(int worker, int begin, int end) {
        for (int i = 0; i < rows; i++) {
            int slot = worker * samplers.length + i;
            int from = i * vocabSize;
            bestIds[slot] = likelier(i, bestIds[slot], argmax(logits, from + begin, from + end) - from);
            largestBits[slot] = Math.max(largestBits[slot], largestBits(logits, from + begin, from + end));
        }
    }

    private static int argmax(float[] x, int begin, int end) {
        int best = begin;
        float largest = x[begin];
        for (int i = begin + 1; i < end; i++) {
            if (x[i] > largest) {
                largest = x[i];
                best = i;
            }
        }
        return best;
    }

    private static int largestBits(float[] x, int begin, int end) {
        int largest = 0;
        for (int i = begin; i < end; i++) {
            largest = Math.max(largest, Float.floatToRawIntBits(x[i]) & 0x7fffffff);
        }
        return largest;
    }

    private void checkFinite() {
        for (int i = 0; i < rows; i++) {
            for (int slot = i; slot < bestIds.length; slot += samplers.length) {
                if (largestBits[slot] >= INFINITE) {
                    int row = plan.wanted(first + i);
                    throw new NonFiniteLogitsException("row " + row + ": the logits after position "
                            + (plan.row(row).contextLength() - 1) + " are not finite");
                }
            }
        }
    }

    private void finish(int worker, int begin, int end) {
        for (int i = begin; i < end; i++) {
            int row = plan.wanted(first + i);
            StepRow wish = plan.row(row);
            int from = i * vocabSize;
            int best = best(i);
            if (wish.logits() != null) {
                System.arraycopy(logits, from, wish.logits(), 0, vocabSize);
            }
            if (wish.topLogprobs() > 0) {
                System.arraycopy(logits, from, copies[i], 0, vocabSize);
                double logSum = Math.log(kernels.expSum(copies[i], 0, vocabSize, scratch[worker].lanes));
                int[] ids = out.topIds(row);
                TopIds.select(logits, from, vocabSize, wish.topLogprobs(), ids);
                for (int j = 0; j < Math.min(wish.topLogprobs(), vocabSize); j++) {
                    out.topLogprobs(row)[j] = (float) (logits[from + ids[j]] - logits[from + best] - logSum);
                }
            }
            if (wish.sampling() != null) {
                out.sampled(row, sample(i, wish, best));
            }
        }
    }

    private int sample(int i, StepRow wish, int best) {
        Sampling sampling = wish.sampling();
        if (sampling.isGreedy() && !sampling.hasPenalties()) {
            return best;
        }
        System.arraycopy(logits, i * vocabSize, copies[i], 0, vocabSize); // penalties are applied in place
        return samplers[i].sample(
                copies[i],
                sampling,
                wish.history(),
                wish.historyLength(),
                wish.generatedFrom(),
                wish.sampleIndex(),
                wish.contextLength());
    }

    private int best(int i) {
        int best = -1;
        for (int slot = i; slot < bestIds.length; slot += samplers.length) {
            best = likelier(i, best, bestIds[slot]);
        }
        return best;
    }

    /** The likelier of two ids, the lower of equals; -1 is none. */
    private int likelier(int i, int a, int b) {
        if (a < 0 || b < 0) {
            return Math.max(a, b);
        }
        float ofA = logits[i * vocabSize + a];
        float ofB = logits[i * vocabSize + b];
        return ofA > ofB || ofA == ofB && a < b ? a : b;
    }
}
