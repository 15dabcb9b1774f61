package dev.m1.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.errors.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Strict, bounded reading of a checkpoint's JSON files. */
final class JsonFiles {
    /** Largest {@code config.json} or {@code generation_config.json}, in bytes; real ones have a few thousand. */
    static final long MAX_CONFIG_BYTES = 1 << 20;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /** For streams and trees alike: shallow nesting, short numbers, no name twice in an object. */
    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxNumberLength(64)
                    .maxNameLength(4096)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .build();

    private JsonFiles() {}

    /** The object a file holds. */
    static ObjectNode readObject(Path file) {
        byte[] bytes = readBounded(file);
        try (JsonParser json = FACTORY.createParser(bytes)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                throw new CheckpointException(
                        file + ": expected a JSON object, found " + describe(json.currentToken()));
            }
            JsonNode root = tree(json);
            if (json.nextToken() != null) {
                throw new CheckpointException(file + ": text after the JSON object");
            }
            return (ObjectNode) root;
        } catch (JsonProcessingException e) {
            throw new CheckpointException(file + ": not valid JSON at " + place(e) + ": " + e.getOriginalMessage(), e);
        } catch (IOException e) {
            throw new CheckpointException(file + ": cannot be read: " + e, e);
        }
    }

    /**
     * The value at the current token. An object mapper would do it too, but takes longer to start than a model to open.
     */
    private static JsonNode tree(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case START_OBJECT -> {
                ObjectNode object = NODES.objectNode();
                while (json.nextToken() == JsonToken.FIELD_NAME) {
                    String name = json.currentName();
                    json.nextToken();
                    object.set(name, tree(json)); // as deep as the parser's constraints allow
                }
                yield object;
            }
            case START_ARRAY -> {
                ArrayNode array = NODES.arrayNode();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    array.add(tree(json));
                }
                yield array;
            }
            case VALUE_STRING -> NODES.textNode(json.getText());
            case VALUE_NUMBER_INT -> switch (json.getNumberType()) {
                case INT -> NODES.numberNode(json.getIntValue());
                case LONG -> NODES.numberNode(json.getLongValue());
                default -> NODES.numberNode(json.getBigIntegerValue());
            };
            case VALUE_NUMBER_FLOAT -> NODES.numberNode(json.getDoubleValue());
            case VALUE_TRUE, VALUE_FALSE -> NODES.booleanNode(json.getBooleanValue());
            case VALUE_NULL -> NODES.nullNode();
            default -> throw new IllegalStateException(json.currentToken().name());
        };
    }

    /** Line and column, and the byte where it is known. */
    static String place(JsonProcessingException e) {
        JsonLocation at = e.getLocation();
        if (at == null) {
            return "an unknown place";
        }
        String place = "line " + at.getLineNr() + ", column " + at.getColumnNr();
        return at.getByteOffset() < 0 ? place : place + " (byte " + at.getByteOffset() + ")";
    }

    private static byte[] readBounded(Path file) {
        try {
            long size = Files.size(file);
            if (size > MAX_CONFIG_BYTES) {
                throw new CheckpointException(
                        file + ": " + size + " bytes, more than the " + MAX_CONFIG_BYTES + " a configuration may have");
            }
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new CheckpointException(file + ": cannot be read: " + e, e);
        }
    }

    private static String describe(JsonToken token) {
        return token == null ? "nothing" : token == JsonToken.START_ARRAY ? "an array" : "a single value";
    }
}
