package dev.m1.tokenizer;

/**
 * A hand-written matcher for one of the well-known splitting patterns. They match at every position, so a text is a
 * row of words. {@code java.util.regex} would recurse or backtrack on long runs; these look at each byte at most a few
 * times.
 */
interface WordScanner {
    /** End of the word that starts at {@code from}; {@code text} is well-formed UTF-8 and {@code from < to}. */
    int next(byte[] text, int from, int to);

    /** The scanner for a pattern, by its exact text, or null if the pattern is not one of the well-known ones. */
    static WordScanner forPattern(String pattern) {
        return switch (pattern) {
            case Gpt2Scanner.PATTERN -> new Gpt2Scanner();
            case Cl100kScanner.QWEN2_PATTERN -> new Cl100kScanner(1);
            case Cl100kScanner.LLAMA3_PATTERN -> new Cl100kScanner(3);
            default -> null;
        };
    }

    /** End of the run of code points of one of {@code classes} that starts at {@code from}. */
    static int run(byte[] text, int from, int to, int classes) {
        int at = from;
        while (at < to) {
            int codePoint = Utf8.codePoint(text, at);
            if (!UnicodeClasses.is(codePoint, classes)) {
                break;
            }
            at += Utf8.length(codePoint);
        }
        return at;
    }

    /** End of the run of code points of none of {@code classes} that starts at {@code from}. */
    static int runOutside(byte[] text, int from, int to, int classes) {
        int at = from;
        while (at < to) {
            int codePoint = Utf8.codePoint(text, at);
            if (UnicodeClasses.is(codePoint, classes)) {
                break;
            }
            at += Utf8.length(codePoint);
        }
        return at;
    }

    /**
     * {@code \s+(?!\S)|\s+} at {@code from}, where white space runs to {@code end}: all of it at the end of the text,
     * otherwise all but the last character, which belongs to what follows, unless it is the only one.
     */
    static int spaces(byte[] text, int from, int end, int to) {
        if (end == to) {
            return end;
        }
        int last = end - 1;
        while ((text[last] & 0xC0) == 0x80) {
            last--;
        }
        return last > from ? last : end;
    }
}
