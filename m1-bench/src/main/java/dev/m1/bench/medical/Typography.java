package dev.m1.bench.medical;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Takes away what changes the look of a short text but not what it says (see {@link StrictScorer}). */
final class Typography {
    /** Around the whole: nobody nests deeper, and a bound keeps a hostile text from costing its length squared. */
    private static final int LAYERS = 8;

    private static final Pattern COMMAND =
            Pattern.compile("\\\\(?:text|textbf|textit|textrm|textsf|emph|mathrm|mathbf|mathit|mathsf|boxed) *+\\{");
    private static final Pattern ESCAPED = Pattern.compile("\\\\([%&$#_{}])");
    private static final Pattern LATEX_SPACE = Pattern.compile("\\\\[ ,;]|~");

    private Typography() {}

    static String plain(String text) {
        String rest = trimmed(text);
        for (int layer = 0; layer < LAYERS; layer++) {
            String inner = trimmed(unwrapped(rest));
            if (inner.length() == rest.length()) {
                break;
            }
            rest = inner;
        }
        rest = rest.replace("**", "").replace("`", "");
        rest = LATEX_SPACE.matcher(rest).replaceAll(" ");
        rest = ESCAPED.matcher(rest).replaceAll("$1");
        return spaced(trimmed(rest));
    }

    /** The inside of a command or of dollar signs around all of the text. */
    private static String unwrapped(String text) {
        if (text.length() > 1 && text.startsWith("$") && text.indexOf('$', 1) == text.length() - 1) {
            return text.substring(1, text.length() - 1);
        }
        Matcher command = COMMAND.matcher(text);
        return command.lookingAt() && closes(text, command.end())
                ? text.substring(command.end(), text.length() - 1)
                : text;
    }

    /** Whether the brace that opened before {@code from} closes with the text's last character. */
    private static boolean closes(String text, int from) {
        int open = 1;
        int i = from;
        for (; i < text.length() && open > 0; i++) {
            if (text.charAt(i) == '{') {
                open++;
            } else if (text.charAt(i) == '}') {
                open--;
            }
        }
        return open == 0 && i == text.length();
    }

    /** Without white space and emphasis at both ends, and punctuation at the end. */
    private static String trimmed(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isMargin(text.charAt(from))) {
            from++;
        }
        while (to > from && (isMargin(text.charAt(to - 1)) || ".,;:!".indexOf(text.charAt(to - 1)) >= 0)) {
            to--;
        }
        return text.substring(from, to);
    }

    private static boolean isMargin(char c) {
        return PythonText.isSpace(c) || c == '*' || c == '_' || c == '`';
    }

    /** Each run of white space as one space. */
    private static String spaced(String text) {
        StringBuilder spaced = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (!PythonText.isSpace(c)) {
                spaced.append(c);
            } else if (!spaced.isEmpty() && spaced.charAt(spaced.length() - 1) != ' ') {
                spaced.append(' ');
            }
        }
        return spaced.toString();
    }
}
