package dev.m1.chat.jinja;

import java.util.Locale;
import java.util.function.UnaryOperator;

/** Upper and lower case. A character may become several ({@code ß} to {@code SS}); all of them get its mark. */
final class Case {
    private Case() {}

    static Text upper(Frame frame, Text text) {
        return convert(frame, text, s -> s.toUpperCase(Locale.ROOT));
    }

    static Text lower(Frame frame, Text text) {
        return convert(frame, text, s -> s.toLowerCase(Locale.ROOT));
    }

    static Text fold(Frame frame, Text text) {
        if (text.string().chars().anyMatch(c -> c >= 128)) {
            throw new EvalError("str.casefold beyond ASCII is not supported");
        }
        return lower(frame, text);
    }

    static Text swap(Frame frame, Text text) {
        return eachCharacter(frame, text, (previous, c) -> {
            String s = Character.toString(c);
            return Character.isUpperCase(c) ? s.toLowerCase(Locale.ROOT) : s.toUpperCase(Locale.ROOT);
        });
    }

    static Text capitalize(Frame frame, Text text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = Character.charCount(text.string().codePointAt(0));
        return frame.builder().append(eachCharacter(frame, text.slice(0, first), (previous, c) -> titleCase(c)))
                .append(lower(frame, text.slice(first, text.length()))).toText();
    }

    /** {@code str.title}: a letter is in upper case unless it follows a letter. */
    static Text title(Frame frame, Text text) {
        return eachCharacter(frame, text, (previous, c) ->
                previous >= 0 && isCased(previous) ? Character.toString(c).toLowerCase(Locale.ROOT) : titleCase(c));
    }

    /** The {@code title} filter: words begin after white space and after a hyphen or an opening bracket. */
    static Text titleFilter(Frame frame, Text text) {
        String s = text.string();
        TextBuilder out = frame.builder();
        int i = 0;
        while (i < s.length()) {
            int end = i;
            boolean separator = isWordStart(s.charAt(i));
            while (end < s.length() && isWordStart(s.charAt(end)) == separator) {
                end++;
            }
            int first = separator ? i : i + Character.charCount(s.codePointAt(i));
            out.append(upper(frame, text.slice(i, first))).append(lower(frame, text.slice(first, end)));
            i = end;
        }
        return out.toText();
    }

    private static boolean isWordStart(char c) {
        return Chars.isSpace(c) || "-({[<".indexOf(c) >= 0;
    }

    private static boolean isCased(int c) {
        return Character.isUpperCase(c) || Character.isLowerCase(c) || Character.isTitleCase(c);
    }

    private static String titleCase(int c) {
        String upper = Character.toString(c).toUpperCase(Locale.ROOT);
        if (upper.codePointCount(0, upper.length()) == 1) {
            return Character.toString(Character.toTitleCase(c));
        }
        // Of a character that becomes several, such as ß or ŉ, the first letter stays in upper case.
        int first = 0;
        while (first < upper.length() - 1 && !isCased(upper.charAt(first))) {
            first++;
        }
        return upper.substring(0, first + 1) + upper.substring(first + 1).toLowerCase(Locale.ROOT);
    }

    private static Text convert(Frame frame, Text text, UnaryOperator<String> function) {
        frame.budget.chars(text.length(), text.length());
        String converted = function.apply(text.string());
        if (text.isUniform() || converted.length() == text.length()) {
            return text.withString(converted);
        }
        return eachCharacter(frame, text, (previous, c) -> function.apply(Character.toString(c)));
    }

    private interface CharFunction {
        /** @param previous code point before {@code c}, or -1 */
        String apply(int previous, int c);
    }

    private static Text eachCharacter(Frame frame, Text text, CharFunction function) {
        String s = text.string();
        TextBuilder out = frame.builder();
        int previous = -1;
        for (int i = 0; i < s.length();) {
            int c = s.codePointAt(i);
            out.append(function.apply(previous, c), text.literalAt(i));
            previous = c;
            i += Character.charCount(c);
        }
        return out.toText();
    }
}
