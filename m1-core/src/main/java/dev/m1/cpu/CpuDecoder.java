package dev.m1.cpu;

import dev.m1.cpu.kernels.Kernels;
import dev.m1.cpu.kernels.KvLayout;
import dev.m1.cpu.kernels.LinearScratch;
import dev.m1.errors.BackendException;
import dev.m1.errors.ModelClosedException;
import dev.m1.spi.Decoder;
import dev.m1.spi.KvGeometry;
import dev.m1.spi.Limits;
import dev.m1.spi.MemoryPlan;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepPlan;
import dev.m1.spi.StepResult;
import dev.m1.spi.WeightSource;
import dev.m1.spi.WeightType;

/**
 * A model on the CPU. Weights are used where they are mapped, or copied when it is opened, as they are or rounded
 * to 8 bits; a step runs on a
 * fixed team of threads and allocates nothing. The kernels' fixed order of summation makes a row's result independent
 * of the step's other rows, of chunking, of the number of threads and of the machine.
 */
final class CpuDecoder implements Decoder {
    private final MemoryPlan memory;
    private final String description;
    private final Matrices matrices;
    private final KvCache cache;
    private final WorkerPool pool;
    private final StepPlan plan;
    private final ForwardPass forward;
    private final OutputHead head;
    private boolean closed;

    private CpuDecoder(
            ModelSpec spec,
            WeightSource weights,
            Matrices matrices,
            Limits limits,
            Kernels kernels,
            KvCache cache,
            WorkerPool pool) {
        this.matrices = matrices;
        this.cache = cache;
        this.pool = pool;
        KvGeometry kv = cache.geometry();
        memory = plan(spec, weights, limits, kernels);
        description = "cpu: " + kernels.name() + ", threads: " + limits.threads() + ", weights: " + limits.weights()
                + ", KV cache: " + limits.kvType();
        Scratch[] scratch = new Scratch[limits.threads()];
        LinearScratch[] linear = LinearScratch.team(scratch.length, ScratchSize.longestInput(spec));
        for (int i = 0; i < scratch.length; i++) {
            scratch[i] = new Scratch(linear[i], cache.layout(), limits.contextTokens());
        }
        Products products = new Products(pool, linear);
        plan = new StepPlan(limits, kv, spec.vocabSize());
        forward = new ForwardPass(spec, weights, matrices, limits, kernels, pool, scratch, products, cache);
        head = new OutputHead(spec, weights, matrices, limits, kernels, pool, scratch, products);
    }

    /**
     * Loads a model.
     *
     * @throws BackendException if it does not fit; the message names the sizes
     * @throws dev.m1.errors.CheckpointException if a weight is to be rounded and is infinite or no number
     */
    static CpuDecoder open(ModelSpec spec, WeightSource weights, Limits limits, Kernels kernels) {
        MemoryPlan memory = plan(spec, weights, limits, kernels);
        KvCache cache = null;
        WorkerPool pool = null;
        Matrices matrices = null;
        try {
            cache = new KvCache(spec, limits);
            pool = new WorkerPool(limits.threads(), "m1-cpu");
            matrices = switch (limits.weights()) {
                case STORED -> new StoredMatrices(weights, kernels);
                case PACKED -> new PackedMatrices(spec, weights, kernels, pool);
                case Q8 -> new Q8Matrices(spec, weights, kernels, pool);
            };
            return new CpuDecoder(spec, weights, matrices, limits, kernels, cache, pool);
        } catch (Throwable t) {
            if (matrices != null) {
                matrices.close();
            }
            if (pool != null) {
                pool.close();
            }
            if (cache != null) {
                cache.close();
            }
            if (t instanceof OutOfMemoryError) {
                String copied = limits.weights() == WeightType.STORED
                        ? ""
                        : memory.weightBytes() + " bytes of " + limits.weights() + " weights, ";
                throw new BackendException("cpu: no memory for " + copied + memory.kvBytes()
                        + " bytes of KV cache and " + memory.scratchBytes() + " bytes of working memory; the last is"
                        + " Java heap, of which the JVM may use " + Runtime.getRuntime().maxMemory()
                        + " (-Xmx), the rest is outside of it", t);
            }
            throw t;
        }
    }

    private static MemoryPlan plan(ModelSpec spec, WeightSource weights, Limits limits, Kernels kernels) {
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
        long weightBytes =
                switch (limits.weights()) {
                    case STORED -> weights.totalBytes();
                    case PACKED -> PackedMatrices.bytes(spec, weights, kernels);
                    case Q8 -> Q8Matrices.bytes(spec, kernels);
                };
        return new MemoryPlan(weightBytes, kv.blocks() * kv.bytesPerBlock(), ScratchSize.bytes(spec, limits));
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
        for (int i = 0; i < count; i++) {
            checkBlock("source", source[i]);
            checkBlock("destination", destination[i]);
        }
        for (int i = 0; i < count; i++) {
            cache.copy(source[i], destination[i]);
        }
    }

    private void checkBlock(String what, int block) {
        if (block < 0 || block >= cache.geometry().blocks()) {
            throw new IllegalArgumentException(
                    what + " block " + block + " is not in [0, " + cache.geometry().blocks() + "), the KV pool");
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
        matrices.close();
        cache.close();
    }
}
