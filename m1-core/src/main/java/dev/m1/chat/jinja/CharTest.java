package dev.m1.chat.jinja;

import java.util.function.IntPredicate;

/** The {@code str.is…} methods that ask every character. */
enum CharTest {
    DIGIT("isdigit", c -> Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER || isSuperscript(c)),
    DECIMAL("isdecimal", c -> Character.getType(c) == Character.DECIMAL_DIGIT_NUMBER),
    NUMERIC("isnumeric", CharTest::isNumeric),
    ALPHA("isalpha", Character::isLetter),
    ALNUM("isalnum", CharTest::isWord),
    SPACE("isspace", Chars::isSpace),
    ASCII("isascii", c -> c < 128),
    LOWER("islower", null),
    UPPER("isupper", null);

    final String method;
    private final IntPredicate each;

    CharTest(String method, IntPredicate each) {
        this.method = method;
        this.each = each;
    }

    boolean test(Frame frame, Text text) {
        frame.budget.scan(text.length());
        String s = text.string();
        return switch (this) {
            case LOWER -> s.codePoints().anyMatch(Character::isLowerCase)
                    && s.codePoints().noneMatch(c -> Character.isUpperCase(c) || Character.isTitleCase(c));
            case UPPER -> s.codePoints().anyMatch(Character::isUpperCase)
                    && s.codePoints().noneMatch(c -> Character.isLowerCase(c) || Character.isTitleCase(c));
            case ASCII -> s.codePoints().allMatch(each);
            default -> !s.isEmpty() && s.codePoints().allMatch(each);
        };
    }

    private static boolean isSuperscript(int c) {
        return c == 0xb2
                || c == 0xb3
                || c == 0xb9
                || c == 0x2070
                || c >= 0x2074 && c <= 0x2079
                || c >= 0x2080 && c <= 0x2089
                || c >= 0x2460 && c <= 0x2468;
    }

    /** {@code \w} of Python's regular expressions, but for the underscore. */
    static boolean isWord(int c) {
        return Character.isLetter(c) || isNumeric(c);
    }

    private static boolean isNumeric(int c) {
        int type = Character.getType(c);
        return type == Character.DECIMAL_DIGIT_NUMBER
                || type == Character.LETTER_NUMBER
                || type == Character.OTHER_NUMBER;
    }
}
