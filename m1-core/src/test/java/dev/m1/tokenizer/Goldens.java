package dev.m1.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What HF tokenizers says, made by {@code make_goldens.py} beside the files. */
final class Goldens {
    static final ObjectMapper JSON = new ObjectMapper();

    private Goldens() {}

    /** The records of a file with one JSON object a line. */
    static List<JsonNode> lines(String resource) throws IOException {
        List<JsonNode> lines = new ArrayList<>();
        for (String line : new String(bytes(resource), StandardCharsets.UTF_8).split("\n")) {
            lines.add(JSON.readTree(line));
        }
        return lines;
    }

    /** The hand-made tokenizers: each with its name, fields and records. */
    static JsonNode variants() throws IOException {
        return JSON.readTree(bytes("goldens-variants.json"));
    }

    /** The tokenizer.json of a variant, written to a folder. */
    static Path write(JsonNode all, JsonNode variant, Path folder) throws IOException {
        ObjectNode file = JSON.createObjectNode().put("version", "1.0");
        variant.get("fields").properties().forEach(field -> file.set(field.getKey(), field.getValue()));
        ObjectNode model = all.get("bases").get(variant.get("base").asText()).deepCopy();
        variant.get("options").properties().forEach(option -> model.set(option.getKey(), option.getValue()));
        file.set("model", model);
        Path path = folder.resolve(variant.get("name").asText() + ".json");
        Files.write(path, JSON.writeValueAsBytes(file));
        return path;
    }

    static int[] ids(JsonNode array) {
        int[] ids = new int[array.size()];
        for (int i = 0; i < ids.length; i++) {
            ids[i] = array.get(i).intValue();
        }
        return ids;
    }

    /** Everything that a record says of a tokenizer. */
    static void check(Tokenizer tokenizer, JsonNode line) {
        if (line.has("text")) {
            String text = line.get("text").asText();
            assertThat(tokenizer.encode(text)).as("ids of %s", line.get("text")).isEqualTo(ids(line.get("ids")));
            if (line.has("special")) {
                assertThat(tokenizer.encode(text, true)).as("ids with special tokens of %s", line.get("text"))
                        .isEqualTo(ids(line.get("special")));
            }
            assertThat(tokenizer.encodeLiteral(text)).as("literal ids of %s", line.get("text"))
                    .isEqualTo(ids(line.get("literal")));
        } else {
            assertThat(tokenizer.decode(ids(line.get("ids")), true)).as("without special tokens: %s", line.get("ids"))
                    .isEqualTo(line.get("skipped").asText());
        }
        int[] ids = ids(line.get("ids"));
        assertThat(tokenizer.decode(ids)).as("decoded %s", line.get("ids")).isEqualTo(line.get("decoded").asText());
        assertThat(streamed(tokenizer, ids)).as("streamed %s", line.get("ids")).isEqualTo(line.get("decoded").asText());
    }

    /** The pieces of a stream decoder put together; each must be text by itself. */
    static String streamed(Tokenizer tokenizer, int[] ids) {
        StreamDecoder stream = tokenizer.streamDecoder();
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            String piece = stream.append(id);
            assertThat(Utf8.loneSurrogate(piece)).as("half a surrogate pair in a piece").isEqualTo(-1);
            text.append(piece);
        }
        return text.append(stream.finish()).toString();
    }

    private static byte[] bytes(String resource) throws IOException {
        try (InputStream in = Goldens.class.getResourceAsStream("/tokenizer/" + resource)) {
            return in.readAllBytes();
        }
    }
}
