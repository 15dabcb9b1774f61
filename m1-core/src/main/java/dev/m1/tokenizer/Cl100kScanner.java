package dev.m1.tokenizer;

import static dev.m1.tokenizer.UnicodeClasses.LETTER;
import static dev.m1.tokenizer.UnicodeClasses.NUMBER;
import static dev.m1.tokenizer.UnicodeClasses.SPACE;

/** The pattern of Qwen2, Qwen2.5 and Qwen3 (one digit a word) and of Llama 3 (up to three digits a word). */
final class Cl100kScanner implements WordScanner {
    private static final String HEAD = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}";
    private static final String TAIL = "| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    static final String QWEN2_PATTERN = HEAD + TAIL;
    static final String LLAMA3_PATTERN = HEAD + "{1,3}" + TAIL;

    private static final int OTHER_ENDS = SPACE | LETTER | NUMBER;

    private final int maxDigits;

    Cl100kScanner(int maxDigits) {
        this.maxDigits = maxDigits;
    }

    @Override
    public int next(byte[] text, int from, int to) {
        int first = Utf8.codePoint(text, from);
        int second = from + Utf8.length(first);
        int classes = UnicodeClasses.of(first);
        if (first == '\'') {
            int end = contraction(text, second, to);
            if (end >= 0) {
                return end;
            }
        }
        if ((classes & LETTER) != 0) {
            return WordScanner.run(text, second, to, LETTER);
        }
        if ((classes & NUMBER) != 0) {
            return digits(text, second, to);
        }
        int next = second < to ? UnicodeClasses.of(Utf8.codePoint(text, second)) : SPACE;
        if ((next & LETTER) != 0 && first != '\r' && first != '\n') {
            return WordScanner.run(text, second, to, LETTER);
        }
        if ((classes & SPACE) == 0) {
            return others(text, second, to);
        }
        if (first == ' ' && (next & OTHER_ENDS) == 0) {
            return others(text, second, to);
        }
        return whiteSpace(text, from, to);
    }

    private int digits(byte[] text, int from, int to) {
        int at = from;
        for (int n = 1; n < maxDigits && at < to; n++) {
            int codePoint = Utf8.codePoint(text, at);
            if (!UnicodeClasses.is(codePoint, NUMBER)) {
                break;
            }
            at += Utf8.length(codePoint);
        }
        return at;
    }

    private static int others(byte[] text, int from, int to) {
        int at = WordScanner.runOutside(text, from, to, OTHER_ENDS);
        while (at < to && (text[at] == '\r' || text[at] == '\n')) {
            at++;
        }
        return at;
    }

    /** {@code \s*[\r\n]+}: up to the last line break of the run; without one, the common rule for spaces. */
    private static int whiteSpace(byte[] text, int from, int to) {
        int end = WordScanner.run(text, from, to, SPACE);
        for (int at = end - 1; at >= from; at--) {
            if (text[at] == '\r' || text[at] == '\n') {
                return at + 1;
            }
        }
        return WordScanner.spaces(text, from, end, to);
    }

    /** {@code (?i:s|t|re|ve|m|ll|d)}; ignoring case, the long s (U+017F) is an s. */
    private static int contraction(byte[] text, int at, int to) {
        if (at >= to) {
            return -1;
        }
        return switch (text[at] | 0x20) {
            case 's', 't', 'm', 'd' -> at + 1;
            case 'r', 'v' -> at + 1 < to && (text[at + 1] | 0x20) == 'e' ? at + 2 : -1;
            case 'l' -> at + 1 < to && (text[at + 1] | 0x20) == 'l' ? at + 2 : -1;
            default -> text[at] == (byte) 0xC5 && text[at + 1] == (byte) 0xBF ? at + 2 : -1;
        };
    }
}
