package dev.m1.cpu;

import dev.m1.cpu.kernels.Kernels;
import dev.m1.cpu.kernels.KvLayout;
import dev.m1.cpu.kernels.LinearScratch;
import dev.m1.errors.BackendException;
import dev.m1.errors.ModelClosedException;
import dev.m1.spi.BlockCopies;
import dev.m1.spi.Decoder;
import dev.m1.spi.KvGeometry;
import dev.m1.spi.Limits;
import dev.m1.spi.MemoryPlan;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepPlan;
import dev.m1.spi.StepResult;
import dev.m1.spi.WeightSource;

/**
 * A model on the CPU. Weights are used where they are mapped; a step runs on a fixed team of threads and allocates
 * nothing. The kernels' fixed order of summation makes a row's result independent of the step's other rows, of
 * chunking, of the number of threads and of the machine.
 */
final class CpuDecoder implements Decoder {
    private final MemoryPlan memory;
    private final String description;
    private final KvCache cache;
    private final WorkerPool pool;
    private final StepPlan plan;
    private final ForwardPass forward;
    private final OutputHead head;
    private boolean closed;

    private CpuDecoder(
            ModelSpec spec, WeightSource weights, Limits limits, Kernels kernels, KvCache cache, WorkerPool pool) {
        this.cache = cache;
        this.pool = pool;
        KvGeometry kv = cache.geometry();
        memory = plan(spec, weights, limits);
        description = "cpu: " + kernels.name() + ", threads: " + limits.threads() + ", KV cache: " + limits.kvType();
        Scratch[] scratch = new Scratch[limits.threads()];
        LinearScratch[] linear = LinearScratch.team(scratch.length, ScratchSize.longestInput(spec));
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = new Scratch(linear[i], cache.layout(), limits.contextTokens());
        }
        plan = new StepPlan(limits, kv, spec.vocabSize());
        forward = new ForwardPass(spec, weights, limits, kernels, pool, scratch, cache);
        head = new OutputHead(spec, weights, limits, kernels, pool, scratch);
    }

    /**
     * Loads a model.
     *
     * @throws BackendException if it does not fit; the message names the sizes
     */
    static CpuDecoder open(ModelSpec spec, WeightSource weights, Limits limits, Kernels kernels) {
        MemoryPlan memory = plan(spec, weights, limits);
        KvCache cache = null;
        WorkerPool pool = null;
        try {
            cache = new KvCache(spec, limits);
            pool = new WorkerPool(limits.threads(), "m1-cpu");
            return new CpuDecoder(spec, weights, limits, kernels, cache, pool);
        } catch (Throwable t) {
            if (pool != null) {
                pool.close();
            }
            if (cache != null) {
                cache.close();
            }
            if (t instanceof OutOfMemoryError) {
                throw new BackendException("cpu: no memory for " + memory.kvBytes() + " bytes of KV cache and "
                        + memory.scratchBytes() + " bytes of working memory; the JVM may use "
                        + Runtime.getRuntime().maxMemory() + " of each (-Xmx, -XX:MaxDirectMemorySize)", t);
            }
            throw t;
        }
    }

    private static MemoryPlan plan(ModelSpec spec, WeightSource weights, Limits limits) {
        long blocks = (limits.kvTokens() + KvLayout.BLOCK - 1) / KvLayout.BLOCK;
        if (blocks > Integer.MAX_VALUE) {
            throw new BackendException("cpu: a KV pool of " + limits.kvTokens() + " tokens has " + blocks
                    + " blocks, at most " + Integer.MAX_VALUE + " can be numbered");
        }
        KvGeometry kv = KvCache.geometry(spec, limits);
        if (kv.blocks() > Long.MAX_VALUE / kv.bytesPerBlock()) {
            throw new BackendException("cpu: a KV pool of " + kv.blocks() + " blocks of " + kv.bytesPerBlock()
                    + " bytes is more than 2^63 bytes");
        }
        return new MemoryPlan(weights.totalBytes(), kv.blocks() * kv.bytesPerBlock(), ScratchSize.bytes(spec, limits));
    }

    @Override
    public KvGeometry kv() {
        return cache.geometry();
    }

    @Override
    public MemoryPlan memory() {
        return memory;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public void copyBlocks(int[] source, int[] destination, int count) {
        checkOpen();
        BlockCopies.check(cache.geometry(), source, destination, count);
        for (int i = 0; i < count; i++) {
            cache.copy(source[i], destination[i]);
        }
    }

    @Override
    public void step(StepBatch in, StepResult out) {
        checkOpen();
        plan.load(in);
        plan.clearSampled();
        float[] hidden = forward.run(plan);
        head.run(plan, hidden, out);
    }

    private void checkOpen() {
        if (closed) {
            throw new ModelClosedException("the decoder is closed");
        }
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        pool.close();
        cache.close();
    }
}
