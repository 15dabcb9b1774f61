package dev.m1.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.errors.CheckpointException;
import java.nio.file.Path;
import java.util.Map;

/** Typed access to the fields of a configuration object; a wrong one is reported with file, name and value. */
final class ConfigFields {
    private static final int SHOWN = 200; // characters of a value in a message

    private final Path file;
    private final String prefix;
    private final ObjectNode object;

    ConfigFields(Path file, ObjectNode object) {
        this(file, "", object);
    }

    private ConfigFields(Path file, String prefix, ObjectNode object) {
        this.file = file;
        this.prefix = prefix;
        this.object = object;
    }

    /** True if the field is there and not null. */
    boolean has(String name) {
        return object.hasNonNull(name);
    }

    /** True if the field is there and is null. */
    boolean isNull(String name) {
        return object.has(name) && object.get(name).isNull();
    }

    /** The value, or null where it is missing or null. */
    JsonNode node(String name) {
        return object.hasNonNull(name) ? object.get(name) : null;
    }

    /** A nested object, or null where it is missing, null or empty. */
    ConfigFields objectOrNull(String name) {
        JsonNode node = node(name);
        if (node == null) {
            return null;
        }
        if (node instanceof ObjectNode nested) {
            return nested.isEmpty() ? null : new ConfigFields(file, prefix + name + ".", nested);
        }
        throw wrong(name, "must be an object");
    }

    /** Name of the first field that holds an object, or null. */
    String firstObject() {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (field.getValue().isObject()) {
                return field.getKey();
            }
        }
        return null;
    }

    /** A whole number from {@code min} to {@code max} that must be there. */
    int requireInt(String name, int min, int max) {
        require(name);
        JsonNode node = object.get(name);
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < min || node.intValue() > max) {
            throw wrong(name, "must be a whole number from " + min + " to " + max);
        }
        return node.intValue();
    }

    int intOr(String name, int min, int max, int fallback) {
        return has(name) ? requireInt(name, min, max) : fallback;
    }

    /** A finite number that must be there. */
    double requireNumber(String name) {
        require(name);
        JsonNode node = object.get(name);
        if (!node.isNumber() || !Double.isFinite(node.doubleValue())) {
            throw wrong(name, "must be a finite number");
        }
        return node.doubleValue();
    }

    double numberOr(String name, double fallback) {
        return has(name) ? requireNumber(name) : fallback;
    }

    boolean booleanOr(String name, boolean fallback) {
        if (!has(name)) {
            return fallback;
        }
        if (!object.get(name).isBoolean()) {
            throw wrong(name, "must be true or false");
        }
        return object.get(name).booleanValue();
    }

    String stringOr(String name, String fallback) {
        if (!has(name)) {
            return fallback;
        }
        if (!object.get(name).isTextual()) {
            throw wrong(name, "must be a string");
        }
        return object.get(name).textValue();
    }

    /** The error for a field whose value cannot be used. */
    CheckpointException wrong(String name, String rule) {
        String value = object.has(name) ? object.get(name).toString() : "absent";
        String shown = value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value;
        return new CheckpointException(file + ": " + prefix + name + " " + rule + ", is " + shown);
    }

    private void require(String name) {
        if (!object.has(name)) {
            throw new CheckpointException(file + ": required field " + prefix + name + " is missing");
        }
    }
}
