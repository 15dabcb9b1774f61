package dev.m1.chat.jinja;

/** Finding strings in linear time, also where both come from a user. */
final class Search {
    /** Up to this length the plain search, at worst its length times slower than linear, is the faster one. */
    private static final int SHORT = 64;

    private Search() {}

    static int indexOf(Frame frame, String text, String part, int from) {
        int found = part.length() <= SHORT ? text.indexOf(part, from) : longIndexOf(text, part, from);
        frame.budget.scan((found < 0 ? text.length() : found) - Math.min(from, text.length()) + part.length());
        return found;
    }

    static int lastIndexOf(Frame frame, String text, String part, int from) {
        if (part.length() <= SHORT) {
            int found = text.lastIndexOf(part, from);
            frame.budget.scan(text.length() - Math.max(found, 0));
            return found;
        }
        String mirrored = new StringBuilder(text.substring(0, Math.min(text.length(), from + part.length())))
                .reverse().toString();
        frame.budget.scan(4L * text.length());
        int found = longIndexOf(mirrored, new StringBuilder(part).reverse().toString(), 0);
        return found < 0 ? -1 : mirrored.length() - found - part.length();
    }

    /** Knuth–Morris–Pratt. */
    private static int longIndexOf(String text, String part, int from) {
        if (part.length() > text.length() - from) {
            return -1;
        }
        int[] border = new int[part.length() + 1]; // border[k]: longest proper border of the first k characters
        border[0] = -1;
        for (int i = 0, k = -1; i < part.length();) {
            while (k >= 0 && part.charAt(i) != part.charAt(k)) {
                k = border[k];
            }
            border[++i] = ++k;
        }
        int matched = 0;
        for (int i = from; i < text.length(); i++) {
            while (matched >= 0 && text.charAt(i) != part.charAt(matched)) {
                matched = border[matched];
            }
            if (++matched == part.length()) {
                return i + 1 - matched;
            }
        }
        return -1;
    }
}
