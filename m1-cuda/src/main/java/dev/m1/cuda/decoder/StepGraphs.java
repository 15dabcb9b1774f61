package dev.m1.cuda.decoder;

import dev.m1.cuda.driver.CudaGraph;
import dev.m1.cuda.driver.CudaScope;
import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.kernels.Bucket;

/**
 * The forward pass as one graph per size of a step, recorded when the model is opened: a decode step is one launch. A
 * step that is larger than every graph, or any step of the eager path, launches its kernels one by one; these are the
 * same, unless a large step has a pass of its own.
 */
final class StepGraphs implements AutoCloseable {
    /** Tokens of the graphs. */
    private static final int[] SIZES = {1, 2, 4, 8, 16, 24, 32, 48, 64, 96, 128};

    private final CudaScope scope = new CudaScope();
    private final ForwardPass forward;
    private final LargeSteps large;
    private final int maxRows;
    private final CudaGraph[] graphs; // [SIZES], null where there is none

    /**
     * @param large which steps without a graph have another pass
     * @param maxRows most rows of a step; graphs reach up to a step with one token each
     * @param eager whether there are no graphs at all
     */
    StepGraphs(ForwardPass forward, LargeSteps large, CudaStream stream, int maxRows, boolean eager) {
        this.forward = forward;
        this.large = large;
        this.maxRows = maxRows;
        graphs = new CudaGraph[SIZES.length];
        try {
            for (int i = 0; i < SIZES.length && !eager; i++) {
                Bucket bucket = new Bucket(SIZES[i], Math.min(SIZES[i], maxRows));
                graphs[i] = scope.own(stream.capture(s -> forward.enqueue(s, bucket)));
                if (SIZES[i] >= maxRows) {
                    break;
                }
            }
        } catch (Throwable t) {
            scope.closeAfter(t);
            throw t;
        }
    }

    /** Runs a step of so many tokens and wanted rows. */
    void run(CudaStream stream, int tokens, int wanted) {
        for (int i = 0; i < SIZES.length; i++) {
            if (SIZES[i] >= tokens && graphs[i] != null) {
                graphs[i].launch(stream);
                return;
            }
        }
        ForwardPass pass = tokens >= large.leastTokens() ? large.pass() : forward;
        pass.enqueue(stream, new Bucket(tokens, Math.min(wanted, maxRows)));
    }

    @Override
    public void close() {
        scope.close();
    }
}
