package dev.m1.cuda.decoder;

import dev.m1.cuda.driver.CudaContext;
import dev.m1.cuda.driver.CudaDevice;
import dev.m1.cuda.driver.CudaException;
import dev.m1.cuda.driver.CudaLibrary;
import dev.m1.cuda.driver.CudaScope;
import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.DeviceBuffer;
import dev.m1.cuda.driver.PinnedBuffer;
import dev.m1.cuda.kernels.Attention;
import dev.m1.cuda.kernels.GemmLinear;
import dev.m1.cuda.kernels.Gemms;
import dev.m1.cuda.kernels.Kernels;
import dev.m1.cuda.kernels.KvPool;
import dev.m1.cuda.kernels.Linear;
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
import java.lang.foreign.Arena;
import java.util.List;

/**
 * A model on a CUDA device. A step is: describe it to the device, launch one graph, take the ids. Kernels sum in a
 * fixed order, so a row's result does not depend on the step's other rows or on chunking; {@link CudaOptions#PREFILL}
 * gives a part of that up.
 */
public final class CudaDecoder implements Decoder {
    private final CudaScope scope;
    private final CudaContext context;
    private final CudaStream stream;
    private final KvGeometry kv;
    private final MemoryPlan memory;
    private final String description;
    private final DeviceBuffer pages;
    private final StepPlan plan;
    private final StepUpload upload;
    private final StepGraphs graphs;
    private final StepOutput output;
    private String closedBy; // null while open

    private CudaDecoder(ModelSpec spec, WeightSource weights, Limits limits, CudaScope scope) {
        this.scope = scope;
        boolean eager = CudaOptions.eager(limits);
        boolean fusedAppend = CudaOptions.fusedAppend(limits);
        context = scope.own(CudaContext.retain(CudaDevice.of(0)));
        boolean dependent = CudaOptions.dependentLaunch(limits, context.device());
        PackedModel model = PackedModel.of(spec, weights);
        BufferPlan buffers = new BufferPlan(model, spec, limits);
        PrefillPlan prefill = buffers.prefill();
        if (prefill.wanted()) { // also where it has nothing to do: the option means the same for every model
            CudaLibrary.requireCublasLt(prefill.option());
        }
        kv = MemoryNeed.geometry(spec, limits);
        memory = MemoryNeed.plan(model, buffers, kv);
        MemoryNeed.check(memory, context);

        stream = scope.own(new CudaStream());
        Arena arena = Arena.ofShared(); // the launches' arguments
        scope.own(arena::close);
        Kernels kernels = scope.own(
                Kernels.load(context.device(), CudaOptions.tensorCores(limits), dependent));
        DeviceBuffer weightArena = scope.own(new DeviceBuffer(model.bytes()));
        pages = scope.own(new DeviceBuffer(memory.kvBytes()));
        DeviceBuffer working = scope.own(new DeviceBuffer(buffers.bytes()));
        stream.zero(working.address(), working.bytes());
        Uploader.upload(model.parts(), model.bytes(), stream, weightArena.address());
        RopeTable rope = new RopeTable(spec, limits.contextTokens());
        Uploader.upload(List.of(rope), rope.rows() * rope.rowBytes(), stream, buffers.rope(working.address()));

        long base = working.address();
        int rows = limits.maxSequences();
        KvPool pool = new KvPool(pages.address(), spec.layers(), spec.kvHeads(), spec.headDim(), limits.kvType());
        int multiprocessors = context.device().multiprocessors();
        ForwardPass forward = new ForwardPass(
                spec, model, weightArena.address(), pool, buffers, base, kernels,
                Linear.maker(kernels, arena, buffers.input(base)), fusedAppend, multiprocessors, arena);
        String version = "";
        ForwardPass large = forward;
        if (prefill.used()) {
            Gemms gemms = scope.own(new Gemms(
                    prefill.buffers(base), prefill.leastTokens(), prefill.mostTokens(), stream, arena));
            version = gemms.version();
            large = new ForwardPass(
                    spec, model, weightArena.address(), pool, buffers, base, kernels,
                    GemmLinear.maker(kernels, arena, gemms, buffers.input(base)), fusedAppend, multiprocessors, arena);
        }
        graphs = scope.own(new StepGraphs(
                forward, new LargeSteps(large, prefill.leastTokens()), stream, rows, eager));
        PinnedBuffer input = scope.own(new PinnedBuffer(buffers.inputBytes()));
        PinnedBuffer results = scope.own(new PinnedBuffer(buffers.results().bytes()));
        PinnedBuffer staging = scope.own(new PinnedBuffer(StepOutput.stagingBytes(rows, spec.vocabSize())));
        plan = new StepPlan(limits, kv, spec.vocabSize());
        upload = new StepUpload(
                input, buffers, buffers.input(base), kv, Attention.tileTokens(kernels, pool, spec.heads()));
        output = new StepOutput(
                stream, buffers.results(), results, buffers.results(base), staging, buffers.logits(base));
        description = "cuda: " + context.device() + ", KV cache: " + limits.kvType() + (eager ? ", eager" : "")
                + (dependent ? ", dependent launches" : "")
                + (prefill.wanted() ? ", " + prefill.describe(version) : "");
        // Whatever closes first must not be in use any more.
        scope.own(stream::synchronize);
    }

    /**
     * Loads a model onto device 0.
     *
     * @throws dev.m1.errors.BackendException if it does not fit (both numbers are named) or a CUDA call fails
     */
    public static CudaDecoder open(ModelSpec spec, WeightSource weights, Limits limits) {
        CudaScope scope = new CudaScope();
        try {
            return new CudaDecoder(spec, weights, limits, scope);
        } catch (Throwable t) {
            scope.closeAfter(t);
            throw t;
        }
    }

    @Override
    public KvGeometry kv() {
        return kv;
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
        BlockCopies.check(kv, source, destination, count);
        try {
            context.use();
            for (int i = 0; i < count; i++) {
                if (source[i] != destination[i]) {
                    stream.copy(page(source[i]), page(destination[i]), kv.bytesPerBlock());
                }
            }
        } catch (CudaException e) {
            throw failed(e);
        }
    }

    private long page(int block) {
        return pages.address() + block * kv.bytesPerBlock();
    }

    @Override
    public void step(StepBatch in, StepResult out) {
        checkOpen();
        plan.load(in);
        plan.clearSampled();
        try {
            context.use();
            upload.send(plan, stream);
            graphs.run(stream, plan.tokens(), plan.wantedCount());
            output.finish(plan, out);
        } catch (CudaException e) {
            throw failed(e);
        }
    }

    /** For measurements, see {@link StepOutput#waitedNanos}. */
    long waitedNanos() {
        return output.waitedNanos();
    }

    /** A lost context closes the decoder: nothing of it can be used again. */
    private CudaException failed(CudaException e) {
        boolean lost = e.sticky();
        if (!lost) {
            try {
                stream.synchronize(); // what was sent ahead of the failure reads page-locked memory
            } catch (CudaException later) {
                e.addSuppressed(later);
                lost = later.sticky();
            }
        }
        if (lost) {
            closedBy = "the decoder is closed since " + e.getMessage();
            scope.closeAfter(e);
        }
        return e;
    }

    private void checkOpen() {
        if (closedBy != null) {
            throw new ModelClosedException(closedBy);
        }
    }

    @Override
    public void close() {
        if (closedBy == null) {
            closedBy = "the decoder is closed";
            try {
                context.use();
            } finally {
                scope.close();
            }
        }
    }
}
