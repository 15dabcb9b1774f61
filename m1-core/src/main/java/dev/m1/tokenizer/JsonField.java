package dev.m1.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.m1.errors.TokenizerException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A value of tokenizer.json that knows where it stands, so that an error can say so. */
record JsonField(Path file, String path, JsonNode node) {
    private static final int MAX_DEPTH = 64; // parts in parts: far more than any tokenizer has

    /** A field of an object; absent fields are {@link #isNull() null}. */
    JsonField get(String name) {
        if (!node.isObject()) {
            throw error("must be an object, is " + shown());
        }
        JsonNode child = node.get(name);
        return new JsonField(file, path.isEmpty() ? name : path + "." + name,
                child == null ? MissingNode.getInstance() : child);
    }

    boolean isNull() {
        return node.isNull() || node.isMissingNode();
    }

    List<JsonField> items() {
        if (!node.isArray()) {
            throw error("must be an array, is " + shown());
        }
        if (path.chars().filter(c -> c == '[').count() > MAX_DEPTH) {
            throw error("is nested deeper than " + MAX_DEPTH);
        }
        List<JsonField> items = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            items.add(new JsonField(file, path + "[" + i + "]", node.get(i)));
        }
        return items;
    }

    /** A string without lone surrogates. */
    String text() {
        if (!node.isTextual()) {
            throw error("must be a string, is " + shown());
        }
        if (Utf8.loneSurrogate(node.textValue()) >= 0) {
            throw error("holds half a surrogate pair");
        }
        return node.textValue();
    }

    String textOr(String absent) {
        return isNull() ? absent : text();
    }

    /** A string that is not empty. */
    String nonEmptyText() {
        if (text().isEmpty()) {
            throw error("must not be empty");
        }
        return text();
    }

    /** A string of one code point. */
    int codePoint() {
        String text = text();
        if (text.codePointCount(0, text.length()) != 1) {
            throw error("must be one character, is \"" + text + "\"");
        }
        return text.codePointAt(0);
    }

    boolean bool() {
        if (!node.isBoolean()) {
            throw error("must be true or false, is " + shown());
        }
        return node.booleanValue();
    }

    boolean boolOr(boolean absent) {
        return isNull() ? absent : bool();
    }

    /** An integer between 0 and {@code max}. */
    int integer(int max) {
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0 || node.intValue() > max) {
            throw error("must be an integer from 0 to " + max + ", is " + shown());
        }
        return node.intValue();
    }

    TokenizerException unsupported() {
        return error("is " + shown() + ", which is not supported");
    }

    TokenizerException error(String what) {
        return new TokenizerException(file + ": " + (path.isEmpty() ? "the file" : path) + " " + what);
    }

    private String shown() {
        if (node.isMissingNode()) {
            return "missing";
        }
        String json = node.toString();
        return json.length() <= 100 ? json : json.substring(0, 100) + "...";
    }
}
