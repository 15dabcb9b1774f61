package dev.m1.tokenizer;

import java.util.ArrayList;
import java.util.List;

/** {@code post_processor} of tokenizer.json for a single text: the ids put before and after it. */
record PostProcessor(List<Integer> before, List<Integer> after) {
    static PostProcessor read(JsonField field, Tokens tokens) {
        PostProcessor all = new PostProcessor(new ArrayList<>(), new ArrayList<>());
        all.add(field, tokens);
        return all;
    }

    /** What the reader must know of the vocabulary. */
    interface Tokens {
        boolean has(int id);
    }

    int[] apply(int[] ids) {
        int[] out = new int[before.size() + ids.length + after.size()];
        int n = 0;
        for (int id : before) {
            out[n++] = id;
        }
        System.arraycopy(ids, 0, out, n, ids.length);
        n += ids.length;
        for (int id : after) {
            out[n++] = id;
        }
        return out;
    }

    private void add(JsonField field, Tokens tokens) {
        if (field.isNull()) {
            return;
        }
        JsonField type = field.get("type");
        switch (type.text()) {
            case "Sequence" -> field.get("processors").items().forEach(part -> add(part, tokens));
            case "ByteLevel" -> { } // only moves offsets
            case "TemplateProcessing" -> {
                if (!before.isEmpty() || !after.isEmpty()) {
                    throw type.error("is a second TemplateProcessing, which is not supported");
                }
                addTemplate(field, tokens);
            }
            default -> throw type.unsupported();
        }
    }

    private void addTemplate(JsonField field, Tokens tokens) {
        List<Integer> head = new ArrayList<>();
        List<Integer> tail = new ArrayList<>();
        boolean seen = false;
        for (JsonField piece : field.get("single").items()) {
            JsonField sequence = piece.get("Sequence");
            if (!sequence.isNull()) {
                if (seen || !sequence.get("id").text().equals("A")) {
                    throw sequence.error("is not the one place of the text");
                }
                seen = true;
                continue;
            }
            String name = piece.get("SpecialToken").get("id").text();
            for (JsonField id : field.get("special_tokens").get(name).get("ids").items()) {
                int value = id.integer(Integer.MAX_VALUE);
                if (!tokens.has(value)) {
                    throw id.error("is " + value + ", which no token has");
                }
                (seen ? tail : head).add(value);
            }
        }
        if (!seen) {
            throw field.get("single").error("has no place for the text");
        }
        before.addAll(head);
        after.addAll(tail);
    }
}
