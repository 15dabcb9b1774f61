package dev.m1.tokenizer;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.m1.errors.TokenizerException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/** {@code model} of tokenizer.json, read as a stream: the vocabulary and the merges are nearly all of the file. */
final class BpeReader {
    private final Path file;
    private final int maxId;
    private final ObjectNode options = JsonNodeFactory.instance.objectNode();
    private final List<String> waiting = new ArrayList<>(); // merges that come before the vocabulary: left, right, ...
    private final IntList merges = new IntList(1 << 16); // left id, right id, merged id, ...; the index is the rank
    private Vocabulary vocabulary;
    private boolean mergesSeen;
    private char[] pair = new char[64];

    /** @param maxId ids above it are refused; memory is proportional to the largest id */
    BpeReader(Path file, int maxId) {
        this.file = file;
        this.maxId = maxId;
    }

    /** Reads the object whose first token is the parser's current one. */
    void read(JsonParser json) throws IOException {
        expect(json, JsonToken.START_OBJECT, "model", "an object");
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            switch (name) {
                case "vocab" -> readVocabulary(json);
                case "merges" -> readMerges(json);
                default -> {
                    JsonNode value = json.readValueAsTree();
                    if (options.replace(name, value) != null) {
                        throw error("model." + name, "appears twice");
                    }
                }
            }
        }
        JsonField type = option("type");
        if (!type.textOr("BPE").equals("BPE")) { // early files do not name the type
            throw type.unsupported();
        }
        if (vocabulary == null || !mergesSeen) {
            throw error("model", "has no " + (vocabulary == null ? "vocab" : "merges"));
        }
        for (int i = 0; i < waiting.size(); i += 2) {
            merge(waiting.get(i), waiting.get(i + 1));
        }
    }

    Vocabulary vocabulary() {
        return vocabulary;
    }

    BpeModel.Options options() {
        JsonField dropout = option("dropout");
        if (!dropout.isNull() && (!dropout.node().isNumber() || dropout.node().doubleValue() != 0)) {
            throw dropout.unsupported();
        }
        for (String name : List.of("continuing_subword_prefix", "end_of_word_suffix")) {
            if (!option(name).textOr("").isEmpty()) {
                throw option(name).unsupported();
            }
        }
        JsonField unk = option("unk_token");
        int unkId = unk.isNull() ? -1 : vocabulary.id(unk.text());
        if (!unk.isNull() && unkId < 0) {
            throw unk.error("is " + unk.text() + ", which is not in model.vocab");
        }
        return new BpeModel.Options(unkId, option("fuse_unk").boolOr(false), option("byte_fallback").boolOr(false),
                option("ignore_merges").boolOr(false));
    }

    /** The merges but those that give one of {@code without}. */
    PairMap merges(BitSet without) {
        PairMap map = new PairMap(merges.size() / 3);
        for (int i = 0; i < merges.size(); i += 3) {
            int merged = merges.get(i + 2);
            if (!without.get(merged)) {
                map.put(merges.get(i), merges.get(i + 1), (long) (i / 3) << 32 | merged);
            }
        }
        return map;
    }

    /** Ids that some merge gives. */
    BitSet merged() {
        BitSet ids = new BitSet();
        for (int i = 2; i < merges.size(); i += 3) {
            ids.set(merges.get(i));
        }
        return ids;
    }

    private void readVocabulary(JsonParser json) throws IOException {
        if (vocabulary != null) {
            throw error("model.vocab", "appears twice");
        }
        expect(json, JsonToken.START_OBJECT, "model.vocab", "an object");
        vocabulary = new Vocabulary();
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String token = json.currentName();
            if (json.nextToken() != JsonToken.VALUE_NUMBER_INT || json.getNumberType() != JsonParser.NumberType.INT) {
                throw error("model.vocab", "gives the token \"" + token + "\" the id " + json.getText()
                        + ", not an int");
            }
            int id = json.getIntValue();
            if (id < 0 || id > maxId) {
                throw error("model.vocab", "gives the token \"" + token + "\" the id " + id
                        + "; a file of this size may go up to " + maxId);
            }
            if (vocabulary.token(id) != null) {
                throw error("model.vocab", "gives the id " + id + " to \"" + vocabulary.token(id) + "\" and to \""
                        + token + "\"");
            }
            if (Utf8.loneSurrogate(token) >= 0) {
                throw error("model.vocab", "has a token (id " + id + ") with half a surrogate pair");
            }
            if (!vocabulary.add(token, id)) {
                throw error("model.vocab", "names the token \"" + token + "\" twice");
            }
        }
    }

    private void readMerges(JsonParser json) throws IOException {
        if (mergesSeen) {
            throw error("model.merges", "appears twice");
        }
        mergesSeen = true;
        expect(json, JsonToken.START_ARRAY, "model.merges", "an array");
        int index = 0;
        for (JsonToken token = json.nextToken(); token != JsonToken.END_ARRAY; token = json.nextToken(), index++) {
            if (token == JsonToken.VALUE_STRING) {
                String text = json.getText();
                if (text.startsWith("#version")) {
                    continue; // the head of a merges.txt
                }
                int space = text.indexOf(' ');
                if (space < 0 || text.indexOf(' ', space + 1) >= 0) {
                    throw error("model.merges[" + index + "]",
                            "is \"" + text + "\", not two tokens with a space between");
                }
                add(text.substring(0, space), text.substring(space + 1));
            } else if (token == JsonToken.START_ARRAY) {
                String left = json.nextTextValue();
                String right = left == null ? null : json.nextTextValue();
                if (right == null || json.nextToken() != JsonToken.END_ARRAY) {
                    throw error("model.merges[" + index + "]", "is not an array of two strings");
                }
                add(left, right);
            } else {
                throw error("model.merges[" + index + "]", "is neither a string nor an array of two strings");
            }
        }
    }

    private void add(String left, String right) {
        if (vocabulary == null) {
            waiting.add(left);
            waiting.add(right);
        } else {
            merge(left, right);
        }
    }

    private void merge(String left, String right) {
        int length = left.length() + right.length();
        if (pair.length < length) {
            pair = new char[2 * length];
        }
        left.getChars(0, left.length(), pair, 0);
        right.getChars(0, right.length(), pair, left.length());
        int leftId = vocabulary.id(pair, 0, left.length());
        int rightId = vocabulary.id(pair, left.length(), right.length());
        int mergedId = vocabulary.id(pair, 0, length);
        if (leftId < 0 || rightId < 0 || mergedId < 0 || left.isEmpty() || right.isEmpty()) {
            String missing = leftId < 0 ? left : rightId < 0 ? right : new String(pair, 0, length);
            throw error("model.merges[" + merges.size() / 3 + "]",
                    "merges \"" + left + "\" and \"" + right + "\", but \"" + missing
                    + "\" is not in model.vocab");
        }
        merges.add(leftId);
        merges.add(rightId);
        merges.add(mergedId);
    }

    private JsonField option(String name) {
        return new JsonField(file, "model", options).get(name);
    }

    private void expect(JsonParser json, JsonToken wanted, String field, String what) throws IOException {
        if (json.currentToken() != wanted) {
            throw error(field, "must be " + what + ", is " + json.getText());
        }
    }

    private TokenizerException error(String field, String what) {
        return new TokenizerException(file + ": " + field + " " + what);
    }
}
