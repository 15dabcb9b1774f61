package dev.m1.bench.medical;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the box or the answer line that begins last in a text (see {@link StrictScorer}). One pass each; no
 * backtracking.
 */
final class FinalStatement {
    private static final Pattern LABEL = Pattern.compile(
            "\\b(final[ \\t*_]++)?answer[ \\t]*+[*_]*+[ \\t]*+[:\uFF1A]", Pattern.CASE_INSENSITIVE);

    private FinalStatement() {}

    /** The statement's content; null if the text has none. */
    static String of(String text) {
        int[] box = lastBox(text); // [start, end) of the content
        int line = lastLine(text, box == null ? 0 : box[1]);
        if (line >= 0) {
            int end = text.indexOf('\n', line);
            return text.substring(line, end < 0 ? text.length() : end);
        }
        return box == null ? null : text.substring(box[0], box[1]);
    }

    /** The balanced box with content that begins last; null if there is none. */
    private static int[] lastBox(String text) {
        int[] open = new int[16]; // [depth], places of the braces not closed yet
        int depth = 0;
        int[] last = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '{') {
                if (depth == open.length) {
                    open = Arrays.copyOf(open, 2 * depth);
                }
                open[depth++] = i;
            } else if (c == '}' && depth > 0) {
                int start = open[--depth] + 1;
                boolean later = last == null || start > last[0]; // An inner box closes before the one around it.
                if (later && opensBox(text, start - 1) && firstInk(text, start) < i) {
                    last = new int[] {start, i};
                }
            }
        }
        return last;
    }

    private static boolean opensBox(String text, int brace) {
        int end = brace;
        while (end > 0 && text.charAt(end - 1) == ' ') {
            end--;
        }
        return text.startsWith("\\boxed", end - "\\boxed".length());
    }

    /** Where the value of the last answer label begins; -1 if there is none, or nothing behind it. */
    private static int lastLine(String text, int from) {
        int last = -1;
        Matcher label = LABEL.matcher(text);
        for (boolean found = label.find(from); found; found = label.find()) {
            int value = firstInk(text, label.end());
            boolean states = label.group(1) != null || !followsWord(text, label.start());
            if (states && value < text.length()) {
                last = value;
            }
        }
        return last;
    }

    /** Whether a word precedes on the same line, spaces and marks such as emphasis left out. */
    private static boolean followsWord(String text, int at) {
        int i = at;
        while (i > 0 && " \t*_#>-".indexOf(text.charAt(i - 1)) >= 0) {
            i--;
        }
        return i > 0 && PythonText.isWord(text.codePointBefore(i));
    }

    /**
     * The first character from there on that is neither white space nor emphasis; the text's length if there is none.
     */
    private static int firstInk(String text, int from) {
        int i = from;
        while (i < text.length() && (PythonText.isSpace(text.charAt(i)) || "*_".indexOf(text.charAt(i)) >= 0)) {
            i++;
        }
        return i;
    }
}
