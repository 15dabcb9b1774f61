package dev.m1.bench.peers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * A byte-level BPE tokenizer as GGUF wants it.
 *
 * @param tokens by id, as many as the embedding has rows
 * @param types by id: 1 a normal token, 3 a control token, 5 a row without a token
 * @param merges {@code left right}, in order
 */
record GgufVocabulary(List<String> tokens, List<Integer> types, List<String> merges) {
    private static final int NORMAL = 1;
    private static final int CONTROL = 3;
    private static final int UNUSED = 5;

    static GgufVocabulary read(Path tokenizerJson, int size) throws IOException {
        JsonNode root = new ObjectMapper().readTree(tokenizerJson.toFile());
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            tokens.add("[PAD" + i + "]");
        }
        List<Integer> types = new ArrayList<>(Collections.nCopies(size, UNUSED));
        root.at("/model/vocab").properties().forEach(token -> {
            tokens.set(token.getValue().asInt(), token.getKey());
            types.set(token.getValue().asInt(), NORMAL);
        });
        for (JsonNode added : root.get("added_tokens")) {
            tokens.set(added.get("id").asInt(), added.get("content").asText());
            types.set(added.get("id").asInt(), CONTROL);
        }
        List<String> merges = new ArrayList<>();
        for (JsonNode merge : root.at("/model/merges")) {
            merges.add(
                    merge.isTextual()
                            ? merge.asText()
                            : merge.get(0).asText() + " " + merge.get(1).asText());
        }
        return new GgufVocabulary(tokens, types, merges);
    }
}
