package dev.m1.cuda.gpu;

import dev.m1.cuda.decoder.TestDevice;
import dev.m1.cuda.driver.CudaContext;
import dev.m1.cuda.driver.CudaDevice;
import dev.m1.cuda.driver.CudaEvent;
import dev.m1.cuda.driver.CudaGraph;
import dev.m1.cuda.driver.CudaScope;
import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.DeviceBuffer;
import dev.m1.cuda.driver.PinnedBuffer;
import dev.m1.cuda.kernels.Activations;
import dev.m1.cuda.kernels.Attention;
import dev.m1.cuda.kernels.AttentionItems;
import dev.m1.cuda.kernels.Bucket;
import dev.m1.cuda.kernels.Kernels;
import dev.m1.cuda.kernels.KvPool;
import dev.m1.cuda.kernels.StepInput;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.ModelSpec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Milliseconds of the attention of all layers, and nothing else, over a bfloat16 cache: prompts of one sequence in one
 * step, and decoding of one and of several, on tensor cores and without. Every layer has a cache of its own, as in a
 * step. Arguments: size, result, repeats, {@code small} or {@code full}.
 */
public final class AttentionTimes {
    private static final int BLOCKS_PER_MULTIPROCESSOR = 4; // as in a forward pass

    private final ModelSpec spec;
    private final CudaScope scope;
    private final Arena arena;
    private final CudaStream stream;
    private final int multiprocessors;

    private AttentionTimes(ModelSpec spec, CudaScope scope, Arena arena, int multiprocessors) {
        this.spec = spec;
        this.scope = scope;
        this.arena = arena;
        this.multiprocessors = multiprocessors;
        stream = scope.own(new CudaStream());
    }

    public static void main(String[] arguments) throws IOException {
        TestDevice.require();
        ModelSpec spec = SyntheticModel.spec(arguments[0]);
        int repeats = Integer.parseInt(arguments[2]);
        boolean small = arguments[3].equals("small");
        Report report = new Report();
        int[] prompts = small ? new int[] {24} : new int[] {512, 2048, 4096};
        int[] contexts = small ? new int[] {300} : new int[] {2048, 4096};
        for (int tokens : prompts) {
            run(report, spec, repeats, "attentionPrefill" + tokens, 1, tokens, tokens);
        }
        for (int context : contexts) {
            for (int rows : small ? new int[] {2} : new int[] {1, 16}) {
                run(report, spec, repeats, "attentionDecodeBatch" + rows + "At" + context, rows, 1, context);
            }
        }
        report.write(Path.of(arguments[1]));
    }

    private static void run(
            Report report, ModelSpec spec, int repeats, String name, int rows, int tokens, int context) {
        for (boolean tensorCores : new boolean[] {true, false}) {
            try (CudaScope scope = new CudaScope(); Arena arena = Arena.ofShared()) {
                CudaContext device = scope.own(CudaContext.retain(CudaDevice.of(0)));
                int multiprocessors = device.device().multiprocessors();
                String family = tensorCores ? "TensorCores" : "FusedMultiplyAdd";
                new AttentionTimes(spec, scope, arena, multiprocessors)
                        .time(report, name + family + "Milliseconds", repeats, tensorCores, rows, tokens, context);
            }
        }
    }

    /** Rows of one length, each with so many new tokens at its end. */
    private void time(
            Report report, String name, int repeats, boolean tensorCores, int rows, int tokens, int context) {
        Kernels kernels = scope.own(Kernels.load(CudaDevice.of(0), tensorCores, false));
        int blocks = Math.ceilDiv(context, KvPool.PAGE_TOKENS);
        int splits = Math.ceilDiv(context, Attention.SPLIT);
        int all = rows * tokens;
        KvPool shape = new KvPool(0, spec.layers(), spec.kvHeads(), spec.headDim(), KvType.BF16);
        long pages = filled(shape.pageBytes() * rows * blocks);
        KvPool pool = new KvPool(pages, spec.layers(), spec.kvHeads(), spec.headDim(), KvType.BF16);
        Activations qkv = activations(all, spec.queryDim() + 2 * spec.kvDim());
        Activations mixed = activations(all, spec.queryDim());
        int slots = rows * splits;
        long partials = memory((long) slots * spec.heads() * (spec.headDim() + 2) * Float.BYTES);
        long counters = memory((long) all * spec.kvHeads() * Integer.BYTES);
        StepInput step = describe(rows, tokens, context, slots, Attention.tileTokens(kernels, pool, spec.heads()));
        int workers = BLOCKS_PER_MULTIPROCESSOR * multiprocessors / spec.kvHeads() + 1;
        List<Attention> layers = new ArrayList<>();
        for (int layer = 0; layer < spec.layers(); layer++) {
            layers.add(new Attention(
                    kernels, arena, qkv, pool, layer, spec.heads(), step, mixed, partials, counters, workers, splits));
        }
        Bucket bucket = new Bucket(all, 0);
        try (CudaGraph graph = stream.capture(s -> layers.forEach(l -> l.enqueue(s, bucket)));
                CudaEvent start = new CudaEvent(true);
                CudaEvent end = new CudaEvent(true)) {
            report.measure(name, repeats, () -> {
                start.record(stream);
                graph.launch(stream);
                end.record(stream);
                end.synchronize();
                return end.millisecondsSince(start);
            });
        }
    }

    private StepInput describe(int rows, int tokens, int context, int slots, int tileTokens) {
        int all = rows * tokens;
        int blocks = Math.ceilDiv(context, KvPool.PAGE_TOKENS);
        int positions = 8; // behind the counts; in ints, as what follows
        int tokenRow = positions + all;
        int tables = tokenRow + all;
        int items = (tables + rows * blocks + 3) / 4 * 4;
        long bytes = (items + AttentionItems.INTS * ((long) all + slots)) * Integer.BYTES;
        long base = memory(bytes);
        PinnedBuffer pinned = scope.own(new PinnedBuffer(bytes));
        AttentionItems list = new AttentionItems(slots, tileTokens, (i, value) -> put(pinned, items + i, value));
        for (int r = 0; r < rows; r++) {
            for (int t = 0; t < tokens; t++) {
                put(pinned, positions + r * tokens + t, context - tokens + t);
                put(pinned, tokenRow + r * tokens + t, r);
            }
            for (int b = 0; b < blocks; b++) {
                put(pinned, tables + r * blocks + b, r * blocks + b);
            }
            list.add(r * tokens, tokens, context);
        }
        put(pinned, 0, all);
        put(pinned, 2, list.count());
        stream.upload(pinned.memory(), base, bytes);
        stream.synchronize();
        return new StepInput(
                base, 0, base + 4L * positions, base + 4L * tokenRow, 0, 0, base + 4L * tables, blocks,
                base + 4L * items, 0, 0);
    }

    private static void put(PinnedBuffer to, int index, int value) {
        to.memory().setAtIndex(ValueLayout.JAVA_INT, index, value);
    }

    private Activations activations(int tokens, int width) {
        int stride = Math.ceilDiv(width, 64) * 64;
        return new Activations(filled((long) tokens * stride * Float.BYTES), tokens, width, stride);
    }

    private long memory(long bytes) {
        DeviceBuffer buffer = scope.own(new DeviceBuffer(bytes));
        stream.zero(buffer.address(), bytes);
        return buffer.address();
    }

    private long filled(long bytes) {
        return RandomMemory.filled(scope, stream, bytes, 1).address();
    }
}
