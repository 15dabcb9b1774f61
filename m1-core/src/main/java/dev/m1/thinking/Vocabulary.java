package dev.m1.thinking;

/** What thinking control needs of a tokenizer; the bridge by which a host may drive another engine. */
public interface Vocabulary {
    /** Ids of a text, control tokens parsed, nothing added at its ends. */
    int[] encode(String text);

    /** Text of ids, with or without the special tokens among them. */
    String decode(int[] ids, boolean skipSpecialTokens);

    /** Id of a token given by its exact text, or -1. */
    int tokenId(String token);

    /** Number of ids: valid ones are {@code 0 … size-1}. */
    int size();

    /** Ids that end a text, as the checkpoint's generation config lists them; all below {@link #size}. */
    int[] eosIds();
}
