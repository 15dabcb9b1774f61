package dev.m1.tokenizer;

import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The added tokens of a tokenizer: where they are found, and how they are written when decoded. */
final class AddedTokens {
    final AddedTokenMatcher raw; // looked for before normalizing, or null
    final AddedTokenMatcher normalized; // looked for after normalizing, or null
    private final Map<Integer, String> forms = new HashMap<>(); // id -> what is decoded
    private final Map<Integer, String> contents = new HashMap<>(); // by id
    private final Map<String, Integer> ids = new HashMap<>();
    private final BitSet special = new BitSet();
    private final Set<String> specialContents = new HashSet<>();
    private final BitSet control = new BitSet();
    private int end; // largest id + 1

    /** IllegalArgumentException says which tokens cannot be told apart. */
    AddedTokens(List<AddedToken> tokens, Normalizer normalizer) {
        Map<String, AddedToken> rawTokens = new HashMap<>();
        Map<String, AddedToken> normalizedTokens = new HashMap<>();
        for (AddedToken token : tokens) {
            String form = token.normalized() ? normalizer.normalize(token.content(), true, true) : token.content();
            AddedToken same = (token.normalized() ? normalizedTokens : rawTokens).put(form, token);
            if (same != null || form.isEmpty()) {
                throw new IllegalArgumentException("the token " + token.content() + " normalizes to "
                        + (same == null ? "nothing" : "the same text as " + same.content()));
            }
            forms.put(token.id(), form);
            contents.put(token.id(), token.content());
            ids.put(token.content(), token.id());
            end = Math.max(end, token.id() + 1);
            if (token.special()) {
                special.set(token.id());
                specialContents.add(token.content());
            }
            if (token.special() || !token.content().isBlank() && !token.content().replace("\u2581", "").isEmpty()) {
                control.set(token.id());
            }
        }
        raw = rawTokens.isEmpty() ? null : new AddedTokenMatcher(rawTokens);
        normalized = normalizedTokens.isEmpty() ? null : new AddedTokenMatcher(normalizedTokens);
    }

    /** The id of the added token with that content, or -1. */
    int id(String content) {
        return ids.getOrDefault(content, -1);
    }

    /** The text of the added token with that id, or null. */
    String content(int id) {
        return contents.get(id);
    }

    /** What an added token is decoded to, before the decoder; null if the id is no added token. */
    String form(int id) {
        return forms.get(id);
    }

    boolean isSpecial(int id) {
        return id >= 0 && special.get(id);
    }

    /** Whether HF leaves a token out when special tokens are skipped: it compares texts, not ids. */
    boolean isSkipped(String form) {
        return specialContents.contains(form);
    }

    /** Ids that text of a user must never turn into: all but those for plain white space. */
    BitSet control() {
        return control;
    }

    /** Largest id + 1. */
    int end() {
        return end;
    }
}
