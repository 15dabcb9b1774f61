package dev.m1.chat.jinja;

import dev.m1.chat.jinja.Token.Kind;
import java.math.BigInteger;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Tokens between {@code {%} and {@code %}}, or {@code {{} and {@code }}}. */
final class TagLexer {
    private static final List<String> LONG_OPERATORS = List.of("**", "//", "==", "!=", ">=", "<=");
    private static final String OPERATORS = "+-/*%~[](){}><=.:|,;";
    /** As many digits as CPython reads. */
    private static final int MAX_DIGITS = 4300;

    private final String source;
    private final List<Token> out;
    private final Lexer lexer;
    private final Deque<Character> open = new ArrayDeque<>();

    TagLexer(String source, List<Token> out, Lexer lexer) {
        this.source = source;
        this.out = out;
        this.lexer = lexer;
    }

    /** Whether no bracket is open, so that {@code }}} ends the tag. */
    boolean balanced() {
        return open.isEmpty();
    }

    /** Reads the token at {@code pos}, if it is not white space, and returns the offset behind it. */
    int next(int pos) {
        char c = source.charAt(pos);
        if (Chars.isSpace(c)) {
            return Chars.skipSpace(source, pos);
        }
        if (c >= '0' && c <= '9') {
            return number(pos);
        }
        if (c == '_' || Character.isUnicodeIdentifierStart(source.codePointAt(pos))) {
            return name(pos);
        }
        if (c == '"' || c == '\'') {
            return string(pos, c);
        }
        return operator(pos, c);
    }

    private int number(int pos) {
        int end = digits(pos, 10);
        int whole = end;
        // "a.0.1" looks up 0, then 1: a number right behind a dot has no fraction.
        if (source.charAt(pos - 1) != '.') {
            if (charAt(end) == '.' && isDigit(charAt(end + 1), 10)) {
                end = digits(end + 1, 10);
            }
            if (charAt(end) == 'e' || charAt(end) == 'E') {
                int sign = charAt(end + 1) == '+' || charAt(end + 1) == '-' ? 1 : 0;
                end = isDigit(charAt(end + 1 + sign), 10) ? digits(end + 1 + sign, 10) : end;
            }
        }
        if (end > whole) {
            String text = source.substring(pos, end);
            add(Kind.FLOAT, text, Double.valueOf(text.replace("_", "")), pos);
            return end;
        }
        return integer(pos, whole);
    }

    /** @param end behind the decimal digits at {@code pos} */
    private int integer(int pos, int end) {
        int radix = switch (source.charAt(pos) == '0' ? Character.toLowerCase(charAt(pos + 1)) : ' ') {
            case 'b' -> 2;
            case 'o' -> 8;
            case 'x' -> 16;
            default -> 10;
        };
        int start = pos + 2 + (charAt(pos + 2) == '_' ? 1 : 0);
        if (radix != 10 && isDigit(charAt(start), radix)) {
            int behind = digits(start, radix);
            add(Kind.INTEGER, source.substring(pos, behind), value(start, behind, radix), pos);
            return behind;
        }
        int behind = end;
        if (source.charAt(pos) == '0') { // zeros only: 012 is 0 and then 12, which no grammar accepts
            behind = pos + 1;
            while (charAt(behind) == '0' || charAt(behind) == '_' && charAt(behind + 1) == '0') {
                behind++;
            }
        }
        add(Kind.INTEGER, source.substring(pos, behind), value(pos, behind, 10), pos);
        return behind;
    }

    private Object value(int from, int to, int radix) {
        String digits = source.substring(from, to).replace("_", "");
        if (digits.length() > MAX_DIGITS) {
            throw lexer.error("number of more than " + MAX_DIGITS + " digits", from);
        }
        return Numbers.narrow(new BigInteger(digits, radix));
    }

    /** Offset behind the digits at {@code i}, which single underscores may separate. */
    private int digits(int i, int radix) {
        int end = i;
        while (isDigit(charAt(end), radix) || charAt(end) == '_' && end > i && isDigit(charAt(end + 1), radix)) {
            end++;
        }
        return end;
    }

    private static boolean isDigit(char c, int radix) {
        return c < 128 && Character.digit(c, radix) >= 0;
    }

    private char charAt(int i) {
        return i < source.length() ? source.charAt(i) : 0;
    }

    private int name(int pos) {
        int i = pos;
        while (i < source.length()) {
            int c = source.codePointAt(i);
            if (c != '_' && (!Character.isUnicodeIdentifierPart(c) || Character.isIdentifierIgnorable(c))) {
                break;
            }
            i += Character.charCount(c);
        }
        add(Kind.NAME, source.substring(pos, i), null, pos);
        return i;
    }

    private int string(int pos, char quote) {
        int i = pos + 1;
        while (i < source.length() && source.charAt(i) != quote) {
            i += source.charAt(i) == '\\' ? 2 : 1;
        }
        if (i >= source.length()) {
            throw lexer.error("string without end", pos);
        }
        String value;
        try {
            value = Escapes.unescape(source.substring(pos + 1, i));
        } catch (EvalError e) {
            throw lexer.error(e.getMessage(), pos);
        }
        add(Kind.STRING, value, null, pos);
        return i + 1;
    }

    private int operator(int pos, char c) {
        for (String op : LONG_OPERATORS) {
            if (source.startsWith(op, pos)) {
                add(Kind.OPERATOR, op, null, pos);
                return pos + 2;
            }
        }
        if (OPERATORS.indexOf(c) < 0) {
            throw lexer.error("unexpected character '" + Character.toString(source.codePointAt(pos)) + "'", pos);
        }
        if (c == '(' || c == '[' || c == '{') {
            open.push(c == '(' ? ')' : c == '[' ? ']' : '}');
        } else if (c == ')' || c == ']' || c == '}') {
            if (open.isEmpty()) {
                throw lexer.error("unexpected '" + c + "'", pos);
            }
            char expected = open.pop();
            if (expected != c) {
                throw lexer.error("unexpected '" + c + "', expected '" + expected + "'", pos);
            }
        }
        add(Kind.OPERATOR, String.valueOf(c), null, pos);
        return pos + 1;
    }

    private void add(Kind kind, String text, Object value, int pos) {
        out.add(new Token(kind, text, value, lexer.lineAt(pos)));
    }
}
