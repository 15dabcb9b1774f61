package dev.m1.cuda.gpu;

import dev.m1.checkpoint.Checkpoint;
import dev.m1.cuda.decoder.CudaDecoder;
import dev.m1.cuda.decoder.TestDevice;
import dev.m1.cuda.driver.CudaException;
import dev.m1.errors.BackendException;
import dev.m1.sampling.Sampling;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.WeightSource;
import dev.m1.spi.WeightType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How fast a model runs on the device: medians and spread of repeated runs, after one that is not counted. Arguments:
 * a checkpoint or {@code synthetic:SIZE}, result, repeats, {@code small} for a rehearsal with short contexts or {@code
 * full}, {@code all} or {@code prefill} for prompts alone, by everybody who can multiply them.
 */
public final class Measure {
    private static final String SYNTHETIC = "synthetic:";
    private static final Sampling WARM =
            Sampling.builder().temperature(0.8).topK(50).topP(0.95).seed(3).build();

    private final Report report = new Report();
    private final ModelSpec spec;
    private final WeightSource weights;
    private final int repeats;
    private final boolean small;

    private Measure(ModelSpec spec, WeightSource weights, int repeats, boolean small) {
        this.spec = spec;
        this.weights = weights;
        this.repeats = repeats;
        this.small = small;
    }

    public static void main(String[] arguments) throws IOException {
        TestDevice.require();
        int repeats = Integer.parseInt(arguments[2]);
        boolean small = arguments[3].equals("small");
        Path to = Path.of(arguments[1]);
        if (arguments[0].startsWith(SYNTHETIC)) {
            SyntheticModel model = SyntheticModel.of(arguments[0].substring(SYNTHETIC.length()));
            new Measure(model.spec(), model, repeats, small).run(arguments[4]).write(to);
            return;
        }
        try (Checkpoint checkpoint = Checkpoint.open(Path.of(arguments[0]))) {
            new Measure(checkpoint.spec(), checkpoint.weights(), repeats, small).run(arguments[4]).write(to);
        }
    }

    private Report run(String what) {
        return what.equals("prefill") ? prefills() : all();
    }

    /** The same prompts by the kernels, and by cuBLASLt with activations in three parts and rounded. */
    private Report prefills() {
        Map<String, String> names = new LinkedHashMap<>();
        names.put("kernels", "Kernels");
        names.put("cublaslt", "CublasLt");
        names.put("cublaslt-bf16", "CublasLtBf16");
        names.forEach((value, name) -> {
            // A rehearsal is shorter than the usual threshold.
            Map<String, String> options =
                    Map.of("M1_CUDA_PREFILL", value, "M1_CUDA_PREFILL_TOKENS", small ? "8" : "128");
            for (int tokens : small ? new int[] {32} : new int[] {300, 512, 1024, 2048}) {
                prefill("prefill" + tokens + name + "TokensPerSecond", tokens, tokens, true, options);
            }
            report.measure("open" + name + "Seconds", 1, () -> {
                long start = System.nanoTime();
                open(1, small ? 64 : 2048, small ? 64 : 2048, options).close();
                return (System.nanoTime() - start) / 1e9;
            });
        });
        return report;
    }

    private Report all() {
        report.put("weightBytes", weights.totalBytes());
        report.measure("openSeconds", 1, () -> {
            long start = System.nanoTime();
            open(1, small ? 64 : 1024, small ? 64 : 512, Map.of()).close();
            return (System.nanoTime() - start) / 1e9;
        });
        Map<String, String> usual = Map.of();
        Map<String, String> plain = Map.of("M1_CUDA_TENSOR_CORES", "false");
        Map<String, String> dependent = Map.of("M1_CUDA_DEPENDENT_LAUNCH", "true");
        Map<String, String> separate = Map.of("M1_CUDA_FUSED_APPEND", "false");
        decode("decodeBatch1", 1, small ? 16 : 512, small ? 4 : 128, Sampling.greedy(), usual);
        decode("decodeBatch1WithoutTensorCores", 1, small ? 16 : 512, small ? 4 : 128, Sampling.greedy(), plain);
        decode("decodeBatch1SeparateAppend", 1, small ? 16 : 512, small ? 4 : 128, Sampling.greedy(), separate);
        if (TestDevice.dependentLaunches()) {
            decode("decodeBatch1DependentLaunch", 1, small ? 16 : 512, small ? 4 : 128, Sampling.greedy(), dependent);
            decode("decodeBatch64DependentLaunch", small ? 3 : 64, small ? 16 : 2300, small ? 2 : 32,
                    Sampling.greedy(), dependent);
        }
        decode("decodeBatch1Sampled", 1, small ? 16 : 512, small ? 4 : 128, WARM, usual);
        decode("decodeBatch64", small ? 3 : 64, small ? 16 : 2300, small ? 2 : 32, Sampling.greedy(), usual);
        decode("decodeBatch64Sampled", small ? 3 : 64, small ? 16 : 2300, small ? 2 : 32, WARM, usual);
        decode("decodeBatch256", small ? 5 : 256, small ? 16 : 2300, small ? 1 : 16, Sampling.greedy(), usual);
        prefill("prefillTokensPerSecond", small ? 32 : 2048, small ? 32 : 2048, true, usual);
        prefill("firstTokenSeconds", small ? 20 : 300, small ? 32 : 512, false, usual);
        return report;
    }

    private Decoder open(int rows, int context, int stepTokens, Map<String, String> options) {
        long kvTokens = (long) rows * (context + 64);
        Limits limits = new Limits(
                context, rows, Math.max(rows, stepTokens), kvTokens, KvType.BF16, WeightType.STORED, 1, options);
        return CudaDecoder.open(spec, weights, limits);
    }

    private void decode(
            String name, int rows, int context, int steps, Sampling sampling, Map<String, String> options) {
        int most = context + steps + 2;
        double[] hostMicros = new double[repeats + 1];
        int[] run = {0};
        try (Decoder decoder = open(rows, most, small ? 64 : 2048, options)) {
            Sequences sequences = new Sequences(decoder, rows, most, sampling);
            sequences.prefill(prompt(context), small ? 64 : 2048);
            report.measure(name + "TokensPerSecond", repeats, () -> {
                sequences.rewind(context);
                long waited = TestDevice.waitedNanos(decoder);
                long start = System.nanoTime();
                for (int i = 0; i < steps; i++) {
                    sequences.decode(null);
                }
                long nanos = System.nanoTime() - start;
                hostMicros[run[0]++] = (nanos - (TestDevice.waitedNanos(decoder) - waited)) / 1e3 / steps;
                return rows * steps / (nanos / 1e9);
            });
        } catch (CudaException e) {
            throw e;
        } catch (BackendException e) {
            System.out.println(name + " is left out: " + e.getMessage()); // does not fit this device
            return;
        }
        // The first run is not counted: the JVM has not compiled the host's code yet.
        report.put(name + "HostMicrosecondsPerStep", Arrays.copyOfRange(hostMicros, 1, hostMicros.length));
    }

    private void prefill(
            String name, int tokens, int chunk, boolean perSecond, Map<String, String> options) {
        int[] prompt = prompt(tokens);
        try (Decoder decoder = open(1, tokens + 2, chunk, options)) {
            Sequences sequences = new Sequences(decoder, 1, tokens + 2, Sampling.greedy());
            report.measure(name, repeats, () -> {
                long start = System.nanoTime();
                sequences.prefill(prompt, chunk);
                double seconds = (System.nanoTime() - start) / 1e9;
                return perSecond ? tokens / seconds : seconds;
            });
        }
    }

    private int[] prompt(int tokens) {
        int[] ids = new int[tokens];
        Arrays.setAll(ids, i -> (int) ((i * 7919L + 13) % spec.vocabSize()));
        return ids;
    }
}
