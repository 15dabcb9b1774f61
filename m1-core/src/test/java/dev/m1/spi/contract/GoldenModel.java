package dev.m1.spi.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.m1.spi.WeightType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What Hugging Face transformers says of a fixture model: {@code golden.json} with ids, {@code golden.safetensors} with
 * logits of a float64 forward pass; {@code golden-q8} of the model whose matrices are rounded to 8 bits.
 */
public final class GoldenModel {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final JsonNode root;
    private final JsonNode header;
    private final ByteBuffer data;

    private GoldenModel(Path folder, String name) {
        this.folder = folder;
        try {
            root = JSON.readTree(folder.resolve(name + ".json").toFile());
            ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(folder.resolve(name + ".safetensors")))
                    .order(ByteOrder.LITTLE_ENDIAN);
            int headerBytes = Math.toIntExact(file.getLong(0));
            byte[] text = new byte[headerBytes];
            file.get(Long.BYTES, text);
            header = JSON.readTree(text);
            data = file.slice(Long.BYTES + headerBytes, file.capacity() - Long.BYTES - headerBytes)
                    .order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Every fixture that has goldens. */
    public static Stream<GoldenModel> all(Path models) {
        try (Stream<Path> folders = Files.list(models)) {
            return folders.filter(f -> Files.exists(f.resolve("golden.safetensors"))).sorted().toList().stream()
                    .map(f -> new GoldenModel(f, "golden"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same model with its weights held in another way. */
    GoldenModel with(WeightType weights) {
        return switch (weights) {
            case STORED, PACKED -> this;
            case Q8 -> new GoldenModel(folder, "golden-q8");
        };
    }

    public Path folder() {
        return folder;
    }

    /** Case name to {@code {input_ids, greedy_ids_48, …}}. */
    public Map<String, JsonNode> cases() {
        Map<String, JsonNode> cases = new TreeMap<>();
        root.get("cases").properties().forEach(e -> cases.put(e.getKey(), e.getValue()));
        return cases;
    }

    public static int[] ids(JsonNode array) {
        return JSON.convertValue(array, int[].class);
    }

    /** A tensor flattened, or null. */
    public float[] tensor(String name) {
        JsonNode entry = header.get(name);
        if (entry == null) {
            return null;
        }
        int begin = entry.get("data_offsets").get(0).asInt();
        float[] values = new float[(entry.get("data_offsets").get(1).asInt() - begin) / Float.BYTES];
        data.slice(begin, values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
        return values;
    }

    @Override
    public String toString() {
        return folder.getFileName().toString();
    }
}
