package dev.m1.bench.medical;

/** Cuts and mends texts without splitting a character. */
public final class Utf16 {
    private static final char REPLACEMENT = '\uFFFD';

    private Utf16() {}

    /** Every half of a surrogate pair that lacks the other half replaced. */
    public static String wellFormed(String text) {
        StringBuilder mended = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!Character.isSurrogate(c)) {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
                continue;
            }
            mended = mended == null ? new StringBuilder(text) : mended;
            mended.setCharAt(i, REPLACEMENT);
        }
        return mended == null ? text : mended.toString();
    }

    /** About the first {@code n} characters. */
    public static String head(String text, int n) {
        return text.substring(0, boundary(text, Math.min(n, text.length())));
    }

    /** About the last {@code n} characters. */
    public static String tail(String text, int n) {
        return text.substring(boundary(text, Math.max(0, text.length() - n)));
    }

    /** Length of the longest common beginning. */
    public static int commonPrefix(String a, String b) {
        int n = Math.min(a.length(), b.length());
        int i = 0;
        while (i < n && a.charAt(i) == b.charAt(i)) {
            i++;
        }
        return boundary(a, i);
    }

    private static int boundary(String text, int at) {
        boolean inside = at > 0
                && at < text.length()
                && Character.isHighSurrogate(text.charAt(at - 1))
                && Character.isLowSurrogate(text.charAt(at));
        return inside ? at - 1 : at;
    }
}
