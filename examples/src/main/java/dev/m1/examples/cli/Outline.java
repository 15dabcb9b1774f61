package dev.m1.examples.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/** A JSON object as an indented list for people; fields whose name ends in Bytes are shown with a unit. */
final class Outline {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final int NAME_WIDTH = 20;

    private Outline() {}

    static String of(ObjectNode object) {
        StringJoiner lines = new StringJoiner("\n");
        add(lines, object, "");
        return lines.toString();
    }

    private static void add(StringJoiner lines, ObjectNode object, String indent) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (field.getValue() instanceof ObjectNode nested) {
                lines.add(indent + field.getKey());
                add(lines, nested, indent + "  ");
            } else {
                String name = indent + field.getKey();
                lines.add(name + " ".repeat(Math.max(1, NAME_WIDTH - name.length())) + value(field));
            }
        }
    }

    private static String value(Map.Entry<String, JsonNode> field) {
        JsonNode value = field.getValue();
        if (field.getKey().endsWith("Bytes")) {
            return bytes(value.asLong());
        }
        return value.isTextual() ? value.asText() : value.toString();
    }

    /** With three digits or so: {@code 14.2 GiB}. */
    static String bytes(long bytes) {
        double amount = bytes;
        int unit = 0;
        while (amount >= 1024 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", amount, UNITS[unit]);
    }
}
