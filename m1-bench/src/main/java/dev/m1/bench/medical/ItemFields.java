package dev.m1.bench.medical;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** Reads the fields that questions and recorded answers share. */
final class ItemFields {
    private static final Set<String> LETTER_NAMES = Set.of("label", "letter", "key");
    private static final Set<String> TEXT_NAMES = Set.of("text", "content", "value");

    private ItemFields() {}

    /** The field's string; null if it is missing or null. */
    static String text(JsonNode item, String name) {
        JsonNode field = item.get(name);
        if (field == null || field.isNull()) {
            return null;
        }
        if (!field.isTextual()) {
            throw new IllegalArgumentException("field \"" + name + "\" is not a string");
        }
        return field.textValue();
    }

    /** The field's string. */
    static String requiredText(JsonNode item, String name) {
        String text = text(item, name);
        if (text == null) {
            throw new IllegalArgumentException("field \"" + name + "\" is missing");
        }
        return text;
    }

    /**
     * Options in the order of the file: {@code {"A": "text"}}, {@code ["text", …]} (lettered from A), or
     * {@code [{"label": "A", "text": "text"}, …]}.
     */
    static Map<String, String> options(JsonNode item) {
        JsonNode field = item.get("options");
        if (field == null || field.isNull()) {
            throw new IllegalArgumentException("field \"options\" is missing");
        }
        if (!field.isContainerNode()) {
            throw new IllegalArgumentException("field \"options\" is neither an object nor a list");
        }
        Map<String, String> options = new LinkedHashMap<>();
        if (field.isObject()) {
            field.properties().forEach(option -> put(options, option.getKey(), option.getValue()));
        } else {
            for (JsonNode option : field) {
                if (option.isObject()) {
                    put(options, named(option, LETTER_NAMES).asText(), named(option, TEXT_NAMES));
                } else {
                    put(options, letter(options.size()), option);
                }
            }
        }
        return options;
    }

    /** A, B, C … by place; beyond Z the place itself, which is no letter and will be refused as such. */
    static String letter(int place) {
        return place < 26 ? String.valueOf((char) ('A' + place)) : String.valueOf(place);
    }

    private static void put(Map<String, String> options, String letter, JsonNode text) {
        if (!text.isTextual() && !text.isNumber()) {
            throw new IllegalArgumentException("option " + letter + " is not a string");
        }
        if (options.put(letter, text.asText()) != null) {
            throw new IllegalArgumentException("option " + letter + " is given twice");
        }
    }

    private static JsonNode named(JsonNode option, Set<String> names) {
        return option.properties().stream()
                .filter(field -> names.contains(field.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "an option has none of the fields " + names.stream().sorted().toList()));
    }
}
