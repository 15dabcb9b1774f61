package dev.m1.chat.jinja;

/** Backslash escapes of string literals, as Python's {@code unicode-escape} codec reads them. */
final class Escapes {
    private Escapes() {}

    static String unescape(String raw) {
        if (raw.indexOf('\\') < 0) {
            return raw;
        }
        StringBuilder out = new StringBuilder(raw.length());
        int i = 0;
        while (i < raw.length()) {
            char c = raw.charAt(i);
            if (c != '\\') {
                out.append(c);
                i++;
            } else {
                i = escape(raw, i + 1, out);
            }
        }
        return out.toString();
    }

    /** Reads the escape whose letter is at {@code i}; returns the offset behind it. */
    private static int escape(String raw, int i, StringBuilder out) {
        int c = raw.codePointAt(i);
        switch (c) {
            case '\n' -> { }
            case '\\', '\'', '"' -> out.append((char) c);
            case 'a' -> out.append('\u0007');
            case 'b' -> out.append('\b');
            case 'f' -> out.append('\f');
            case 'n' -> out.append('\n');
            case 'r' -> out.append('\r');
            case 't' -> out.append('\t');
            case 'v' -> out.append('\u000b');
            case 'x' -> {
                return hex(raw, i, 2, out);
            }
            case 'u' -> {
                return hex(raw, i, 4, out);
            }
            case 'U' -> {
                return hex(raw, i, 8, out);
            }
            case 'N' -> throw new EvalError("\\N{...} escapes are not supported");
            case '0', '1', '2', '3', '4', '5', '6', '7' -> {
                return octal(raw, i, out);
            }
            default -> {
                return unknown(raw, i, c, out);
            }
        }
        return i + 1;
    }

    private static int hex(String raw, int i, int digits, StringBuilder out) {
        int end = i + 1 + digits;
        int value = 0;
        for (int k = i + 1; k < end; k++) {
            int digit = k < raw.length() && raw.charAt(k) < 128 ? Character.digit(raw.charAt(k), 16) : -1;
            if (digit < 0 || value > Character.MAX_CODE_POINT >> 4) {
                throw new EvalError("bad \\" + raw.charAt(i) + " escape in string");
            }
            value = value << 4 | digit;
        }
        if (value > Character.MAX_CODE_POINT) {
            throw new EvalError("illegal Unicode character in string escape");
        }
        out.appendCodePoint(value);
        return end;
    }

    private static int octal(String raw, int i, StringBuilder out) {
        int value = 0;
        int k = i;
        while (k < raw.length() && k < i + 3 && raw.charAt(k) >= '0' && raw.charAt(k) <= '7') {
            value = value << 3 | raw.charAt(k) - '0';
            k++;
        }
        out.append((char) value);
        return k;
    }

    /**
     * An unknown escape stays as it is; jinja2 spells a character beyond ASCII as {@code xe9}, {@code u4e2d} on the
     * way.
     */
    private static int unknown(String raw, int i, int c, StringBuilder out) {
        out.append('\\');
        if (c < 128) {
            out.append((char) c);
        } else {
            out.append(c < 256 ? "x%02x".formatted(c) : c < 0x10000 ? "u%04x".formatted(c) : "U%08x".formatted(c));
        }
        return i + Character.charCount(c);
    }
}
