package dev.m1.thinking;

import java.util.ArrayList;
import java.util.List;

/**
 * A vocabulary small enough to read: encodes by longest match, so that texts merge across joints as BPE's do ("." +
 * "\n" is one token, "." + "Wait" too).
 */
final class ToyVocabulary implements Vocabulary {
    private static final List<String> SPECIAL = List.of("<|endoftext|>", "<|im_start|>", "<|im_end|>");
    private static final List<String> TOKENS = List.of(
            "<|endoftext|>",
            "<|im_start|>",
            "<|im_end|>",
            "<think>",
            "</think>",
            "\n",
            "\n\n",
            " ",
            ".",
            ".\n",
            ".Wait",
            "Wait",
            " Wait",
            "think",
            "answer",
            "Final",
            " Answer",
            ":",
            "a",
            "b",
            "c",
            " a",
            " b",
            "user",
            "assistant",
            "ab");

    static final ToyVocabulary INSTANCE = new ToyVocabulary();

    private final List<String> tokens = new ArrayList<>(TOKENS);

    private ToyVocabulary() {
        for (char c = '!'; c <= '~'; c++) {
            if (!tokens.contains(String.valueOf(c))) {
                tokens.add(String.valueOf(c));
            }
        }
    }

    int id(String token) {
        int id = tokenId(token);
        if (id < 0) {
            throw new IllegalArgumentException(token);
        }
        return id;
    }

    @Override
    public int[] encode(String text) {
        IntBuffer ids = new IntBuffer();
        for (int at = 0; at < text.length(); ) {
            int best = -1;
            for (int i = 0; i < tokens.size(); i++) {
                boolean longer =
                        best < 0 || tokens.get(i).length() > tokens.get(best).length();
                if (longer && text.startsWith(tokens.get(i), at)) {
                    best = i;
                }
            }
            if (best < 0) {
                throw new IllegalArgumentException("no token at " + at + " of '" + text + "'");
            }
            ids.add(best);
            at += tokens.get(best).length();
        }
        return ids.toArray();
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            if (!skipSpecialTokens || !SPECIAL.contains(tokens.get(id))) {
                text.append(tokens.get(id));
            }
        }
        return text.toString();
    }

    @Override
    public int tokenId(String token) {
        return tokens.indexOf(token);
    }

    @Override
    public int size() {
        return tokens.size();
    }

    @Override
    public int[] eosIds() {
        return new int[] {id("<|im_end|>"), id("<|endoftext|>")};
    }
}
