package dev.m1.cpu;

import dev.m1.cpu.kernels.LinearScratch;
import dev.m1.errors.BackendException;
import dev.m1.spi.Limits;
import dev.m1.spi.ModelSpec;

/** How much working memory a model and its limits ask for, before anything is allocated. */
final class ScratchSize {
    private static final int SAMPLER_BYTES = 24; // per vocabulary entry: candidates, keys, weights, penalties
    private static final int MAX_ARRAY = Integer.MAX_VALUE - 8;

    private ScratchSize() {}

    /** Longest row of any weight matrix. */
    static int longestInput(ModelSpec spec) {
        return Math.max(spec.hiddenSize(), Math.max(spec.queryDim(), spec.intermediateSize()));
    }

    /**
     * Bytes of all buffers.
     *
     * @throws BackendException if one of them is longer than a Java array can be
     */
    static long bytes(ModelSpec spec, Limits limits) {
        int rows = Math.min(limits.maxSequences(), OutputHead.MAX_ROWS);
        long qkv = spec.queryDim() + 2L * spec.kvDim();
        long floats = array("hidden states", limits.maxStepTokens(), 2L * spec.hiddenSize())
                + array("queries, keys and values", limits.maxStepTokens(), qkv)
                + array("attention output", limits.maxStepTokens(), spec.queryDim())
                + array("MLP activations", limits.maxStepTokens(), 2L * spec.intermediateSize())
                + array("RoPE table", limits.contextTokens(), spec.headDim())
                + array("logits", rows, 2L * spec.vocabSize());
        int longest = longestInput(spec);
        floats += array("activations and the threads' weights", 1, LinearScratch.floats(limits.threads(), longest));
        long scores = array("attention scores", Attention.ROWS, Scratch.scoreStride(limits.contextTokens()));
        long worker = (LinearScratch.ownFloats(longest) + scores) * Float.BYTES;
        return floats * Float.BYTES + worker * limits.threads() + (long) rows * spec.vocabSize() * SAMPLER_BYTES;
    }

    private static long array(String what, long rows, long columns) {
        if (rows * columns > MAX_ARRAY) {
            throw new BackendException("cpu: " + what + " need " + rows + " x " + columns + " floats, an array holds "
                    + MAX_ARRAY + "; lower the limits of a step or of the context");
        }
        return rows * columns;
    }
}
