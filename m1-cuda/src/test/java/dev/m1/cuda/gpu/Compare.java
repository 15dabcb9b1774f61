package dev.m1.cuda.gpu;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.checkpoint.Checkpoint;
import dev.m1.cuda.decoder.CudaDecoder;
import dev.m1.cuda.decoder.TestDevice;
import dev.m1.sampling.Sampling;
import dev.m1.spi.Decoder;
import dev.m1.spi.Limits;
import dev.m1.spi.Limits.KvType;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The device against what transformers said of a checkpoint in float32 ({@code reference.py}): logits behind each
 * prompt, and greedy ids up to the first step whose margin is within the noise. Arguments: checkpoint, reference,
 * result.
 */
public final class Compare {
    private static final int CHUNK = 512;

    private Compare() {}

    public static void main(String[] arguments) throws IOException {
        TestDevice.require();
        ObjectMapper json = new ObjectMapper();
        JsonNode reference = json.readTree(Path.of(arguments[1]).toFile());
        ObjectNode report = json.createObjectNode();
        boolean good = true;
        try (Checkpoint checkpoint = Checkpoint.open(Path.of(arguments[0]))) {
            ModelSpec spec = checkpoint.spec();
            int most = 0;
            for (JsonNode one : reference.get("cases")) {
                most = Math.max(most, one.get("input_ids").size() + one.get("greedy_ids").size());
            }
            Limits limits = new Limits(most, 1, CHUNK, most, KvType.F32, 1);
            try (Decoder decoder = CudaDecoder.open(spec, checkpoint.weights(), limits)) {
                for (JsonNode one : reference.get("cases")) {
                    good &= compare(json, report.withArray("cases").addObject(), one, decoder, spec);
                }
            }
        }
        report.put("equal", good);
        json.writeValue(Path.of(arguments[2]).toFile(), report);
        System.out.println(report);
        System.exit(good ? 0 : 1);
    }

    /**
     * How far two float32 passes over the same weights may be apart. A sum of K products has a relative error of about
     * sqrt(K) 2^-24; there are two such sublayers per layer whose errors add up like random steps; 8 allows for their
     * tails over a vocabulary.
     */
    private static double tolerance(ModelSpec spec, double largestLogit) {
        int inputs = Math.max(spec.intermediateSize(), Math.max(spec.hiddenSize(), spec.queryDim()));
        return 8 * Math.sqrt(inputs) * 0x1p-24 * Math.sqrt(2.0 * spec.layers()) * Math.max(1, largestLogit);
    }

    private static boolean compare(
            ObjectMapper json, ObjectNode report, JsonNode one, Decoder decoder, ModelSpec spec) {
        int[] prompt = json.convertValue(one.get("input_ids"), int[].class);
        int[] greedy = json.convertValue(one.get("greedy_ids"), int[].class);
        float[] logits = new float[spec.vocabSize()];
        int[] got = greedy(decoder, prompt, greedy.length, logits);
        double largest = 0;
        double apart = 0;
        for (JsonNode top : one.get("last_top20")) {
            double expected = top.get(1).asDouble();
            largest = Math.max(largest, Math.abs(expected));
            apart = Math.max(apart, Math.abs(expected - logits[top.get(0).asInt()]));
        }
        double tolerance = tolerance(spec, largest);
        int same = 0;
        while (same < greedy.length && got[same] == greedy[same]) {
            same++;
        }
        // The first difference is excused only where the two best logits are closer than both passes' errors.
        boolean good = apart <= tolerance
                && (same == greedy.length || one.get("top1_margin").get(same).asDouble() <= 2 * tolerance);
        report.put("promptTokens", prompt.length).put("logitsApart", apart).put("tolerance", tolerance)
                .put("equalIds", same).put("ids", greedy.length).put("good", good);
        return good;
    }

    private static int[] greedy(Decoder decoder, int[] prompt, int count, float[] firstLogits) {
        int[] table = new int[decoder.kv().blocks()];
        Arrays.setAll(table, i -> i);
        int[] ids = Arrays.copyOf(prompt, prompt.length + count);
        StepBatch batch = new StepBatch(1);
        StepResult result = new StepResult(1);
        int fed = 0;
        for (int n = prompt.length; n < ids.length; n++) {
            while (fed < n) {
                int length = Math.min(CHUNK, n - fed);
                batch.clear();
                batch.addRow(ids, fed, length, fed, table, table.length).sample(Sampling.greedy(), 0)
                        .logits(n == prompt.length && fed + length == n ? firstLogits : null);
                decoder.step(batch, result);
                fed += length;
            }
            ids[n] = result.sampled(0);
        }
        return Arrays.copyOfRange(ids, prompt.length, ids.length);
    }
}
