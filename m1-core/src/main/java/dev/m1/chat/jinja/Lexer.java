package dev.m1.chat.jinja;

import dev.m1.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts a template into tokens, with white space handled as jinja2 does under
 * {@code trim_blocks=True, lstrip_blocks=True}: a newline behind a block tag or a comment goes, blanks before one that
 * starts its line go, and {@code -} or {@code +} at a delimiter strips everything or nothing.
 */
final class Lexer {
    private final String source;
    private final List<Token> tokens = new ArrayList<>();
    private int pos;
    private int line = 1;
    private int lineCountedTo;
    /** Whether what was consumed last ends in a newline, so that blanks that follow are an indentation. */
    private boolean lineStarting = true;

    private Lexer(String source) {
        this.source = source;
    }

    static List<Token> tokenize(String source) {
        String s = source.replace("\r\n", "\n").replace('\r', '\n');
        if (s.endsWith("\n")) {
            s = s.substring(0, s.length() - 1);
        }
        Lexer lexer = new Lexer(s);
        lexer.root();
        return lexer.tokens;
    }

    private void root() {
        while (pos < source.length()) {
            int tag = nextTag();
            if (tag < 0) {
                data(pos, source.length());
                break;
            }
            char kind = source.charAt(tag + 1);
            int rawStart = kind == '%' ? rawBegin(tag) : -1;
            char sign = sign(tag + 2);
            data(pos, strippedEnd(tag, sign, kind != '{'));
            pos = tag + (sign == 0 ? 2 : 3);
            lineStarting = false;
            if (rawStart >= 0) {
                consumed(rawStart);
                raw();
            } else if (kind == '#') {
                comment(tag);
            } else if (kind == '%') {
                inside(tag, Kind.BLOCK_BEGIN, Kind.BLOCK_END, '%');
            } else {
                inside(tag, Kind.VARIABLE_BEGIN, Kind.VARIABLE_END, '}');
            }
        }
        tokens.add(new Token(Kind.END, "", null, lineAt(source.length())));
    }

    private int nextTag() {
        for (int i = source.indexOf('{', pos); i >= 0 && i + 1 < source.length(); i = source.indexOf('{', i + 1)) {
            char c = source.charAt(i + 1);
            if (c == '%' || c == '{' || c == '#') {
                return i;
            }
        }
        return -1;
    }

    private char sign(int at) {
        char c = at < source.length() ? source.charAt(at) : 0;
        return c == '-' || c == '+' ? c : 0;
    }

    /** Where the text before a tag at {@code tag} ends once white space is stripped. */
    private int strippedEnd(int tag, char sign, boolean lstrip) {
        if (sign == '-') {
            return Chars.trimEnd(source, pos, tag);
        }
        if (sign == 0 && lstrip) {
            int i = tag;
            while (i > pos && source.charAt(i - 1) != '\n' && Chars.isSpace(source.charAt(i - 1))) {
                i--;
            }
            if (i > pos ? source.charAt(i - 1) == '\n' : lineStarting) {
                return i;
            }
        }
        return tag;
    }

    private void data(int from, int to) {
        if (from < to) {
            tokens.add(new Token(Kind.DATA, source.substring(from, to), null, lineAt(from)));
        }
    }

    /** Offset behind {@code {% raw %}} if that is what starts at {@code tag}, else -1. */
    private int rawBegin(int tag) {
        int i = wordAfter(tag, "raw");
        if (i >= 0 && source.startsWith("-%}", i)) {
            return Chars.skipSpace(source, i + 3);
        }
        return i >= 0 && source.startsWith("%}", i) ? i + 2 : -1;
    }

    /** Offset behind the opening delimiter, {@code word} and white space, or -1. */
    private int wordAfter(int tag, String word) {
        int i = Chars.skipSpace(source, tag + 2 + (sign(tag + 2) == 0 ? 0 : 1));
        return source.startsWith(word, i) ? Chars.skipSpace(source, i + word.length()) : -1;
    }

    private void raw() {
        int start = pos;
        for (int tag = source.indexOf("{%", pos); tag >= 0; tag = source.indexOf("{%", tag + 1)) {
            int i = wordAfter(tag, "endraw");
            int end = i < 0 ? -1 : blockEnd(i, '%');
            if (end >= 0) {
                data(start, strippedEnd(tag, sign(tag + 2), true));
                consumed(end);
                return;
            }
        }
        throw error("missing end of raw directive", start);
    }

    private void comment(int tag) {
        int end = source.indexOf("#}", pos);
        if (end < 0) {
            throw error("missing end of comment tag", tag);
        }
        char before = end > pos ? source.charAt(end - 1) : 0;
        if (before == '-') {
            consumed(Chars.skipSpace(source, end + 2));
        } else {
            consumed(before == '+' ? end + 2 : afterNewline(end + 2));
        }
    }

    /** Offset behind {@code -%}}, {@code +%}} or {@code %}} (or the same with {@code }}}) at {@code i}, or -1. */
    private int blockEnd(int i, char first) {
        String end = first + "}";
        if (source.startsWith("-" + end, i)) {
            return Chars.skipSpace(source, i + 3);
        }
        if (source.startsWith(end, i)) {
            return first == '%' ? afterNewline(i + 2) : i + 2;
        }
        return first == '%' && source.startsWith("+" + end, i) ? i + 3 : -1;
    }

    private int afterNewline(int i) {
        return i < source.length() && source.charAt(i) == '\n' ? i + 1 : i;
    }

    private void consumed(int to) {
        lineStarting = to > 0 && source.charAt(to - 1) == '\n';
        pos = to;
    }

    private void inside(int tag, Kind begin, Kind end, char endChar) {
        tokens.add(new Token(begin, source.substring(tag, pos), null, lineAt(tag)));
        TagLexer lexer = new TagLexer(source, tokens, this);
        while (true) {
            if (lexer.balanced()) {
                int after = blockEnd(pos, endChar);
                if (after >= 0) {
                    tokens.add(new Token(end, source.substring(pos, pos), null, lineAt(pos)));
                    consumed(after);
                    return;
                }
            }
            if (pos >= source.length()) {
                throw error("unexpected end of template inside a tag", tag);
            }
            pos = lexer.next(pos);
        }
    }

    /** Line of an offset; offsets are asked for in rising order, but for errors. */
    int lineAt(int offset) {
        if (offset < lineCountedTo) {
            return 1 + (int) source.substring(0, offset).chars().filter(c -> c == '\n').count();
        }
        for (; lineCountedTo < offset; lineCountedTo++) {
            if (source.charAt(lineCountedTo) == '\n') {
                line++;
            }
        }
        return line;
    }

    SyntaxError error(String message, int offset) {
        return new SyntaxError(lineAt(offset), message);
    }
}
