package dev.m1.tokenizer;

/**
 * A token that is looked for in the text before anything else, such as {@code <|im_end|>}.
 *
 * @param singleWord only where no word character touches it
 * @param lstrip     takes the white space before it along
 * @param rstrip     takes the white space after it along
 * @param normalized looked for, in its normalized form, in the normalized text
 * @param special    left out when decoding without special tokens
 */
record AddedToken(
        int id,
        String content,
        boolean singleWord,
        boolean lstrip,
        boolean rstrip,
        boolean normalized,
        boolean special) {}
