package dev.m1.tokenizer;

import static dev.m1.tokenizer.UnicodeClasses.LETTER;
import static dev.m1.tokenizer.UnicodeClasses.NUMBER;
import static dev.m1.tokenizer.UnicodeClasses.SPACE;

/** The pattern of GPT-2, built into HF's ByteLevel pre-tokenizer ({@code use_regex}). */
final class Gpt2Scanner implements WordScanner {
    static final String PATTERN =
            "'s|'t|'re|'ve|'m|'ll|'d| ?\\p{L}+| ?\\p{N}+| ?[^\\s\\p{L}\\p{N}]+|\\s+(?!\\S)|\\s+";

    @Override
    public int next(byte[] text, int from, int to) {
        int first = Utf8.codePoint(text, from);
        if (first == '\'') {
            int end = contraction(text, from + 1, to);
            if (end >= 0) {
                return end;
            }
        }
        int at = from;
        int classes = UnicodeClasses.of(first);
        if (first == ' ' && from + 1 < to) {
            int second = UnicodeClasses.of(Utf8.codePoint(text, from + 1));
            if ((second & SPACE) == 0) {
                at = from + 1;
                classes = second;
            }
        }
        if ((classes & SPACE) != 0) {
            return WordScanner.spaces(text, from, WordScanner.run(text, from, to, SPACE), to);
        }
        int kind = classes & (LETTER | NUMBER);
        return kind != 0
                ? WordScanner.run(text, at, to, kind)
                : WordScanner.runOutside(text, at, to, SPACE | LETTER | NUMBER);
    }

    private static int contraction(byte[] text, int at, int to) {
        if (at >= to) {
            return -1;
        }
        return switch (text[at]) {
            case 's', 't', 'm', 'd' -> at + 1;
            case 'r', 'v' -> at + 1 < to && text[at + 1] == 'e' ? at + 2 : -1;
            case 'l' -> at + 1 < to && text[at + 1] == 'l' ? at + 2 : -1;
            default -> -1;
        };
    }
}
