package dev.m1;

import dev.m1.thinking.Vocabulary;
import dev.m1.tokenizer.Tokenizer;

/**
 * A tokenizer as thinking control sees it.
 *
 * @param rows of the model's embedding table: an id beyond them exists in the tokenizer only, and a row may have no
 *     token, yet be sampled
 */
record TokenizerVocabulary(Tokenizer tokenizer, int rows, int[] eosIds) implements Vocabulary {
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
        return rows;
    }
}
