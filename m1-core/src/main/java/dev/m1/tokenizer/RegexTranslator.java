package dev.m1.tokenizer;

import java.util.Set;

/**
 * Writes a regular expression of Oniguruma's Ruby syntax, which HF uses, as one of {@code java.util.regex}. Only
 * constructs whose meaning is the same, or can be spelled out, pass; everything else is refused.
 */
final class RegexTranslator {
    private static final String SPACE =
            "\\t-\\r \\x{85}\\x{A0}\\x{1680}\\x{2000}-\\x{200A}\\x{2028}\\x{2029}\\x{202F}\\x{205F}\\x{3000}";
    private static final String WORD = "\\p{IsAlphabetic}\\p{M}\\p{Nd}\\p{Pc}";
    private static final Set<String> CATEGORIES = Set.of(
            "L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps",
            "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs", "Zl", "Zp", "Cc", "Cf");
    private static final Set<String> SCRIPTS = Set.of(
            "Han", "Hiragana", "Katakana", "Hangul", "Latin", "Greek", "Cyrillic", "Arabic", "Hebrew", "Thai",
            "Devanagari");

    private static final int MAX_LENGTH = 4096; // java.util.regex recurses along a pattern

    private final String source;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private RegexTranslator(String source) {
        this.source = source;
    }

    /** The pattern for Java, to be compiled without flags; IllegalArgumentException names what is not supported. */
    static String translate(String onig) {
        if (onig.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("it is longer than " + MAX_LENGTH + " characters");
        }
        RegexTranslator t = new RegexTranslator(onig);
        t.alternatives(0);
        if (t.at < onig.length()) {
            throw t.unsupported("an unmatched ')'");
        }
        return t.out.toString();
    }

    private void alternatives(int depth) {
        if (depth > 50) {
            throw unsupported("groups nested deeper than 50");
        }
        boolean quantifiable = false;
        while (at < source.length() && source.charAt(at) != ')') {
            char c = source.charAt(at);
            switch (c) {
                case '|' -> {
                    out.append(c);
                    at++;
                    quantifiable = false;
                    continue;
                }
                case '(' -> group(depth);
                case '[' -> charClass(depth);
                case '\\' -> escape(false);
                case '*', '+', '?', '{' -> {
                    if (!quantifiable) {
                        throw unsupported("a quantifier without an operand");
                    }
                    quantifier(c);
                    quantifiable = false;
                    continue;
                }
                case '.' -> {
                    out.append("[^\\n]");
                    at++;
                }
                case '^', '$' -> throw unsupported("the anchor " + c);
                default -> literal();
            }
            quantifiable = true;
        }
    }

    private void group(int depth) {
        String[] openings = {"(?:", "(?=", "(?!", "(?<=", "(?<!", "(?>", "(?i:"};
        String opening = "(";
        if (source.startsWith("(?", at)) {
            opening = null;
            for (String candidate : openings) {
                if (source.startsWith(candidate, at)) {
                    opening = candidate;
                }
            }
            if (opening == null) {
                throw unsupported("this kind of group");
            }
        }
        at += opening.length();
        // Ignoring case is Unicode's simple folding in both; the JDK needs the u to go beyond ASCII.
        out.append(opening.equals("(?i:") ? "(?iu:" : opening.equals("(") ? "(?:" : opening);
        alternatives(depth + 1);
        if (at >= source.length()) {
            throw unsupported("a group that is not closed");
        }
        out.append(')');
        at++;
    }

    private void quantifier(char first) {
        if (first == '{') {
            int close = source.indexOf('}', at);
            String bounds = close < 0 ? "" : source.substring(at, close + 1);
            if (!bounds.matches("\\{\\d{1,4}(,\\d{0,4})?\\}")) {
                throw unsupported("a literal '{'");
            }
            out.append(bounds);
            at = close + 1;
            if (at < source.length() && source.charAt(at) == '+') {
                throw unsupported("'+' after '}', which is not possessive in this syntax");
            }
        } else {
            out.append(first);
            at++;
            if (at < source.length() && source.charAt(at) == '+') {
                out.append('+');
                at++;
            }
        }
        if (at < source.length() && source.charAt(at) == '?') {
            out.append('?');
            at++;
        }
        if (at < source.length() && "*+?{".indexOf(source.charAt(at)) >= 0) {
            throw unsupported("a quantifier after a quantifier");
        }
    }

    private void charClass(int depth) {
        if (depth > 50) {
            throw unsupported("classes nested deeper than 50");
        }
        out.append('[');
        at++;
        if (at < source.length() && source.charAt(at) == '^') {
            out.append('^');
            at++;
        }
        int start = at;
        while (true) {
            if (at >= source.length()) {
                throw unsupported("a class that is not closed");
            }
            char c = source.charAt(at);
            if (c == ']') {
                if (at == start) {
                    throw unsupported("an empty class");
                }
                break;
            }
            if (c == '[') {
                if (source.startsWith("[:", at)) {
                    throw unsupported("a POSIX bracket");
                }
                charClass(depth + 1);
            } else if (c == '\\') {
                escape(true);
            } else if (c == '&') {
                if (source.startsWith("&&", at)) {
                    throw unsupported("&& in a class");
                }
                literal();
            } else if (c == '-') {
                range(start);
            } else {
                literal();
            }
        }
        out.append(']');
        at++;
    }

    /** A '-' is a range between two characters, and itself at either end of a class. */
    private void range(int classStart) {
        boolean edge = at == classStart || at + 1 < source.length() && source.charAt(at + 1) == ']';
        out.append(edge ? "\\-" : "-");
        at++;
    }

    private void literal() {
        int c = source.codePointAt(at);
        at += Character.charCount(c);
        appendLiteral(c);
    }

    private void appendLiteral(int c) {
        out.append(String.format("\\x{%X}", c));
    }

    private void escape(boolean inClass) {
        if (at + 1 >= source.length()) {
            throw unsupported("a trailing backslash");
        }
        char c = source.charAt(at + 1);
        switch (c) {
            case 's' -> classEscape(SPACE, false, inClass);
            case 'S' -> classEscape(SPACE, true, inClass);
            case 'd' -> classEscape("\\p{Nd}", false, inClass);
            case 'D' -> classEscape("\\p{Nd}", true, inClass);
            case 'w' -> classEscape(WORD, false, inClass);
            case 'W' -> classEscape(WORD, true, inClass);
            case 'p', 'P' -> property();
            case 'n', 'r', 't', 'f', 'a', 'e' -> {
                out.append('\\').append(c);
                at += 2;
            }
            case 'v' -> {
                out.append("\\x0B");
                at += 2;
            }
            case 'u', 'x' -> hex();
            default -> {
                if (c >= 0x80 || Character.isLetterOrDigit(c)) {
                    throw unsupported("\\" + c);
                }
                appendLiteral(c);
                at += 2;
            }
        }
    }

    private void classEscape(String members, boolean negated, boolean inClass) {
        out.append(negated ? "[^" : inClass ? "" : "[").append(members).append(negated || !inClass ? "]" : "");
        at += 2;
    }

    private void hex() {
        boolean braces = source.startsWith("{", at + 2);
        int from = at + (braces ? 3 : 2);
        int to = braces ? source.indexOf('}', from) : from + (source.charAt(at + 1) == 'u' ? 4 : 2);
        if (to < from || to > source.length() || !source.substring(from, to).matches("[0-9a-fA-F]{1,6}")) {
            throw unsupported("a malformed hexadecimal escape");
        }
        int c = Integer.parseInt(source, from, to, 16);
        if (c > 0x10FFFF || !braces && source.charAt(at + 1) == 'x' && c >= 0x80) {
            throw unsupported("a hexadecimal escape that is not a character");
        }
        appendLiteral(c);
        at = braces ? to + 1 : to;
    }

    private void property() {
        int close = source.indexOf('}', at);
        if (!source.startsWith("{", at + 2) || close < 0) {
            throw unsupported("a malformed property");
        }
        boolean negated = source.charAt(at + 1) == 'P';
        String name = source.substring(at + 3, close);
        if (name.startsWith("^")) {
            negated = !negated;
            name = name.substring(1);
        }
        String java = CATEGORIES.contains(name) ? name : SCRIPTS.contains(name) ? "Is" + name : null;
        if (java == null) {
            throw unsupported("the property " + name);
        }
        out.append(negated ? "\\P{" : "\\p{").append(java).append('}');
        at = close + 1;
    }

    private IllegalArgumentException unsupported(String what) {
        return new IllegalArgumentException(what + " at index " + at + " is not supported");
    }
}
