package dev.m1.bench.medical;

/**
 * Text functions with the meaning they have in Python 3, on which the original's verdicts depend. Java's own differ:
 * its {@code \w} takes in combining marks, its {@code \s} leaves out U+001C to U+001F, and its lower case of a sigma
 * asks a word breaker.
 */
final class PythonText {
    private static final char CAPITAL_SIGMA = 'Σ';
    /** Punctuation with Word_Break = MidLetter, MidNumLet or Single_Quote. */
    private static final String INSIDE_WORDS =
            "'.:\u00B7\u0387\u055F\u05F4\u2018\u2019\u2024\u2027\uFE13\uFE52\uFE55\uFF07\uFF0E\uFF1A";

    private PythonText() {}

    /** As {@code str.lower()}: full case mapping, with the two special cases that lower case has. */
    static String lower(String text) {
        StringBuilder lower = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (c == 'İ') {
                lower.append("i\u0307");
            } else if (c == CAPITAL_SIGMA) {
                lower.append(endsWord(text, i) ? 'ς' : 'σ');
            } else {
                lower.appendCodePoint(Character.toLowerCase(c));
            }
            i += Character.charCount(c);
        }
        return lower.toString();
    }

    /** As {@code str.isspace()} and {@code \s}. */
    static boolean isSpace(int c) {
        return (c >= 0x09 && c <= 0x0D)
                || (c >= 0x1C && c <= 0x20)
                || c == 0x85
                || (c > 0x85 && (Character.isSpaceChar(c)));
    }

    /** As {@code \w}: letters, numbers of every kind and the underscore; no combining marks. */
    static boolean isWord(int c) {
        int type = Character.getType(c);
        return Character.isLetter(c)
                || type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER
                || c == '_';
    }

    /** As {@code str.strip()}. */
    static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** The condition Final_Sigma of Unicode's SpecialCasing.txt. */
    private static boolean endsWord(String text, int sigma) {
        int i = sigma;
        while (i > 0 && isCaseIgnorable(text.codePointBefore(i))) {
            i -= Character.charCount(text.codePointBefore(i));
        }
        if (i == 0 || !isCased(text.codePointBefore(i))) {
            return false;
        }
        i = sigma + 1;
        while (i < text.length() && isCaseIgnorable(text.codePointAt(i))) {
            i += Character.charCount(text.codePointAt(i));
        }
        return i == text.length() || !isCased(text.codePointAt(i));
    }

    private static boolean isCased(int c) {
        return Character.isLowerCase(c) || Character.isUpperCase(c) || Character.isTitleCase(c);
    }

    private static boolean isCaseIgnorable(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.FORMAT,
                    Character.MODIFIER_LETTER,
                    Character.MODIFIER_SYMBOL -> true;
            default -> INSIDE_WORDS.indexOf(c) >= 0;
        };
    }
}
