package dev.m1;

import dev.m1.thinking.Vocabulary;
import dev.m1.tokenizer.Tokenizer;

/** A tokenizer as thinking control sees it. */
record TokenizerVocabulary(Tokenizer tokenizer, int[] eosIds) implements Vocabulary {
    @Override
    public int[] encode(String text) {
        return tokenizer.encode(text);
    }

    @Override
    public String decode(int[] ids, boolean skipSpecialTokens) {
        return tokenizer.decode(ids, skipSpecialTokens);
    }

    @Override
    public int tokenId(String token) {
        return tokenizer.tokenId(token);
    }

    @Override
    public int size() {
        return tokenizer.vocabSize();
    }
}
