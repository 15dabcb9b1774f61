package dev.m1.cuda.gpu;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.checkpoint.Checkpoint;
import dev.m1.cuda.decoder.CudaDecoder;
import dev.m1.cuda.decoder.TestDevice;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * How fast a checkpoint runs on the device: medians and spread of repeated runs, after one that is not counted.
 * Arguments: checkpoint, result, repeats, {@code small} for a rehearsal with short contexts or {@code full}.
 */
public final class Measure {
    private final ObjectMapper json = new ObjectMapper();
    private final ObjectNode report = json.createObjectNode();
    private final Path model;
    private final int repeats;
    private final boolean small;

    private Measure(Path model, int repeats, boolean small) {
        this.model = model;
        this.repeats = repeats;
        this.small = small;
    }

    public static void main(String[] arguments) throws IOException {
        TestDevice.require();
        Measure measure =
                new Measure(Path.of(arguments[0]), Integer.parseInt(arguments[2]), arguments[3].equals("small"));
        measure.run();
        measure.json.writeValue(Path.of(arguments[1]).toFile(), measure.report);
        System.out.println(measure.report);
    }

    /** A run; what it returns is the number that is reported. */
    private interface Run {
        double once();
    }

    private void run() {
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            report.put("weightBytes", checkpoint.weights().totalBytes());
            measure("openSeconds", 1, () -> {
                long start = System.nanoTime();
                open(checkpoint, 1, small ? 64 : 1024, small ? 64 : 512).close();
                return (System.nanoTime() - start) / 1e9;
            });
            decode(checkpoint, "decodeBatch1TokensPerSecond", 1, small ? 16 : 512, small ? 4 : 128);
            decode(checkpoint, "decodeBatch64TokensPerSecond", small ? 3 : 64, small ? 16 : 2300, small ? 2 : 32);
            decode(checkpoint, "decodeBatch256TokensPerSecond", small ? 5 : 256, small ? 16 : 2300, small ? 1 : 16);
            prefill(checkpoint, "prefillTokensPerSecond", small ? 32 : 2048, small ? 32 : 2048, true);
            prefill(checkpoint, "firstTokenSeconds", small ? 20 : 300, small ? 32 : 512, false);
        }
    }

    private Decoder open(Checkpoint checkpoint, int rows, int context, int stepTokens) {
        long kvTokens = (long) rows * (context + 64);
        Limits limits = new Limits(context, rows, Math.max(rows, stepTokens), kvTokens, KvType.BF16, 1);
        return CudaDecoder.open(checkpoint.spec(), checkpoint.weights(), limits);
    }

    private void decode(Checkpoint checkpoint, String name, int rows, int context, int steps) {
        int most = context + steps + 2;
        try (Decoder decoder = open(checkpoint, rows, most, small ? 64 : 2048)) {
            Sequences sequences = new Sequences(decoder, rows, most);
            sequences.prefill(prompt(checkpoint, context), small ? 64 : 2048);
            measure(name, repeats, () -> {
                sequences.rewind(context);
                long start = System.nanoTime();
                for (int i = 0; i < steps; i++) {
                    sequences.decode(null);
                }
                return rows * steps / ((System.nanoTime() - start) / 1e9);
            });
        }
    }

    private void prefill(Checkpoint checkpoint, String name, int tokens, int chunk, boolean perSecond) {
        int[] prompt = prompt(checkpoint, tokens);
        try (Decoder decoder = open(checkpoint, 1, tokens + 2, chunk)) {
            Sequences sequences = new Sequences(decoder, 1, tokens + 2);
            measure(name, repeats, () -> {
                long start = System.nanoTime();
                sequences.prefill(prompt, chunk);
                double seconds = (System.nanoTime() - start) / 1e9;
                return perSecond ? tokens / seconds : seconds;
            });
        }
    }

    private static int[] prompt(Checkpoint checkpoint, int tokens) {
        int vocab = checkpoint.spec().vocabSize();
        int[] ids = new int[tokens];
        Arrays.setAll(ids, i -> (int) ((i * 7919L + 13) % vocab));
        return ids;
    }

    private void measure(String name, int runs, Run run) {
        run.once();
        double[] values = new double[runs];
        for (int i = 0; i < runs; i++) {
            values[i] = run.once();
        }
        Arrays.sort(values);
        report.putObject(name)
                .put("median", values[runs / 2])
                .put("least", values[0])
                .put("most", values[runs - 1])
                .put("runs", runs);
    }
}
