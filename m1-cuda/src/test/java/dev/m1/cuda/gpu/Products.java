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
import dev.m1.cuda.kernels.Bucket;
import dev.m1.cuda.kernels.Kernels;
import dev.m1.cuda.kernels.Linear;
import dev.m1.cuda.kernels.LinearOutput;
import dev.m1.cuda.kernels.Matrix;
import dev.m1.cuda.kernels.StepInput;
import dev.m1.spi.DType;
import dev.m1.spi.ModelSpec;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Milliseconds of all matrix products of a step, and nothing else, by tokens and family of kernels; {@code peer.py}
 * takes the same from cuBLAS, which is free to sum in another order for every number of tokens. Every matrix of the
 * model has memory of its own, as in a step. Arguments: size, result, repeats, {@code small} or {@code full}.
 */
public final class Products {
    private static final int MOST_WITHOUT_TENSOR_CORES = 64; // tokens; beyond, a run takes seconds

    private final ModelSpec spec;
    private final CudaStream stream;
    private final CudaScope scope;
    private final Arena arena;

    private Products(ModelSpec spec, CudaScope scope, Arena arena) {
        this.spec = spec;
        this.scope = scope;
        this.arena = arena;
        stream = scope.own(new CudaStream());
    }

    public static void main(String[] arguments) throws IOException {
        TestDevice.require();
        ModelSpec spec = SyntheticModel.spec(arguments[0]);
        boolean small = arguments[3].equals("small");
        int[] tokens = small ? new int[] {1, 8} : new int[] {1, 8, 16, 64, 256, 2048};
        Report report = new Report();
        try (CudaScope scope = new CudaScope(); Arena arena = Arena.ofShared()) {
            scope.own(CudaContext.retain(CudaDevice.of(0)));
            new Products(spec, scope, arena).run(report, tokens, Integer.parseInt(arguments[2]));
        }
        report.write(Path.of(arguments[1]));
    }

    /** Outputs and inputs of a layer's matrices. */
    private List<int[]> shapes() {
        return List.of(
                new int[] {spec.queryDim() + 2 * spec.kvDim(), spec.hiddenSize()},
                new int[] {spec.hiddenSize(), spec.queryDim()},
                new int[] {2 * spec.intermediateSize(), spec.hiddenSize()},
                new int[] {spec.hiddenSize(), spec.intermediateSize()});
    }

    private void run(Report report, int[] tokens, int repeats) {
        int most = tokens[tokens.length - 1];
        int widest = Math.max(Math.max(2 * spec.intermediateSize(), spec.vocabSize()), spec.queryDim() * 3);
        List<Matrix> matrices = matrices();
        DeviceBuffer x = filled((long) most * stride(widest) * Float.BYTES);
        DeviceBuffer y = scope.own(new DeviceBuffer((long) most * stride(widest) * Float.BYTES));
        DeviceBuffer counts = scope.own(new DeviceBuffer(128));
        PinnedBuffer count = scope.own(new PinnedBuffer(128));
        StepInput step = new StepInput(counts.address(), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        for (boolean tensorCores : new boolean[] {true, false}) {
            Kernels kernels = scope.own(Kernels.load(CudaDevice.of(0), tensorCores, false));
            List<Linear> products = new ArrayList<>();
            for (Matrix m : matrices) {
                Activations in = new Activations(x.address(), most, m.columns(), stride(m.columns()));
                Activations out = new Activations(y.address(), most, m.rows(), stride(m.rows()));
                products.add(Linear.overTokens(kernels, arena, m, 0, in, 0, 0, LinearOutput.store(out), step));
            }
            for (int n : tokens) {
                if (tensorCores || n <= MOST_WITHOUT_TENSOR_CORES) {
                    count.memory().set(ValueLayout.JAVA_INT, 0, n);
                    stream.upload(count.memory(), counts.address(), Integer.BYTES);
                    stream.synchronize();
                    String name = "products" + n + (tensorCores ? "TensorCores" : "FusedMultiplyAdd") + "Milliseconds";
                    time(report, name, repeats, products, new Bucket(n, n));
                }
            }
        }
    }

    private void time(Report report, String name, int repeats, List<Linear> products, Bucket bucket) {
        try (CudaGraph graph = stream.capture(s -> products.forEach(p -> p.enqueue(s, bucket)));
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

    /** All layers' matrices and the LM head. */
    private List<Matrix> matrices() {
        List<int[]> all = new ArrayList<>();
        for (int i = 0; i < spec.layers(); i++) {
            all.addAll(shapes());
        }
        all.add(new int[] {spec.vocabSize(), spec.hiddenSize()});
        long bytes = 0;
        for (int[] shape : all) {
            bytes += 2L * shape[0] * stride(shape[1]);
        }
        long at = filled(bytes).address();
        List<Matrix> matrices = new ArrayList<>();
        for (int[] shape : all) {
            matrices.add(new Matrix(at, shape[0], shape[1], stride(shape[1]), DType.BF16));
            at += 2L * shape[0] * stride(shape[1]);
        }
        return matrices;
    }

    private static int stride(int width) {
        return Math.ceilDiv(width, 64) * 64;
    }

    private DeviceBuffer filled(long bytes) {
        return RandomMemory.filled(scope, stream, bytes, 0.035);
    }
}
