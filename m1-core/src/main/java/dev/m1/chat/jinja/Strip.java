package dev.m1.chat.jinja;

/** {@code strip}, {@code lstrip}, {@code rstrip}. */
final class Strip {
    private Strip() {}

    /** @param chars code points to remove, or null for white space */
    static Text strip(Frame frame, Text text, String chars, boolean left, boolean right) {
        String s = text.string();
        int from = 0;
        int to = s.length();
        while (left && from < to && matches(s.codePointAt(from), chars)) {
            from += Character.charCount(s.codePointAt(from));
        }
        while (right && to > from && matches(s.codePointBefore(to), chars)) {
            to -= Character.charCount(s.codePointBefore(to));
        }
        long perCharacter = chars == null ? 1 : 1 + chars.length();
        frame.budget.scan((from + s.length() - to) * perCharacter);
        return frame.slice(text, from, to);
    }

    private static boolean matches(int c, String chars) {
        return chars == null ? Chars.isSpace(c) : chars.indexOf(c) >= 0;
    }
}
