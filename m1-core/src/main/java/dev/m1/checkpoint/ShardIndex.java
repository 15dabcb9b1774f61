package dev.m1.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import dev.m1.errors.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads {@code model.safetensors.index.json}: which shard holds which tensor. */
final class ShardIndex {
    static final String FILE_NAME = "model.safetensors.index.json";

    private static final long MAX_BYTES = 64 << 20;
    private static final String WEIGHT_MAP = "weight_map";

    private ShardIndex() {}

    /** File name by tensor name; every file name is a plain name, so that it stays in the index's directory. */
    static Map<String, String> read(Path index) {
        try {
            if (Files.size(index) > MAX_BYTES) {
                throw new CheckpointException(
                        index + ": " + Files.size(index) + " bytes, more than the " + MAX_BYTES + " an index may have");
            }
            try (JsonParser json = JsonFiles.FACTORY.createParser(Files.newInputStream(index))) {
                return parse(index, json);
            }
        } catch (JsonProcessingException e) {
            throw new CheckpointException(
                    index + ": not valid JSON at " + JsonFiles.place(e) + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new CheckpointException(index + ": cannot be read: " + e, e);
        }
    }

    private static Map<String, String> parse(Path index, JsonParser json) throws IOException {
        Map<String, String> files = null;
        if (json.nextToken() != JsonToken.START_OBJECT) {
            throw new CheckpointException(index + ": expected a JSON object, found " + json.currentToken());
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            boolean map = json.currentName().equals(WEIGHT_MAP);
            json.nextToken();
            if (map) {
                files = weightMap(index, json);
            } else {
                json.skipChildren();
            }
        }
        if (json.nextToken() != null) {
            throw new CheckpointException(index + ": text after the JSON object");
        }
        if (files == null || files.isEmpty()) {
            throw new CheckpointException(index + ": " + WEIGHT_MAP + " is missing or empty");
        }
        return files;
    }

    private static Map<String, String> weightMap(Path index, JsonParser json) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            throw new CheckpointException(index + ": " + WEIGHT_MAP + " must be an object, is " + json.currentToken());
        }
        Map<String, String> files = new LinkedHashMap<>();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String tensor = json.currentName();
            if (json.nextToken() != JsonToken.VALUE_STRING) {
                throw new CheckpointException(index + ": " + WEIGHT_MAP + "." + tensor + " must be a file name");
            }
            if (files.size() == SafetensorsHeader.MAX_TENSORS) {
                throw new CheckpointException(index + ": more than " + SafetensorsHeader.MAX_TENSORS + " tensors");
            }
            files.put(tensor, checkedName(index, tensor, json.getText()));
        }
        return files;
    }

    /** A name that cannot lead out of the directory on any system. */
    private static String checkedName(Path index, String tensor, String name) {
        boolean plain = name.length() <= 255
                && name.endsWith(".safetensors")
                && name.chars().noneMatch(c -> c < ' ' || "/\\:*?\"<>|".indexOf(c) >= 0);
        if (!plain) {
            String shown = name.length() > 100 ? name.substring(0, 100) + "…" : name;
            throw new CheckpointException(index + ": " + WEIGHT_MAP + "." + tensor
                    + " must name a .safetensors file in the same directory, names \"" + shown + "\"");
        }
        return name;
    }
}
