package dev.m1.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** {@code split}, {@code rsplit}, {@code splitlines}, {@code partition}. */
final class Split {
    private Split() {}

    /** @param a separator (None or absent: runs of white space) and the most splits */
    static ListValue split(Frame frame, Text text, Object[] a) {
        long max = limit(a[1]);
        Object separator = Args.or(a[0], null);
        if (separator == null) {
            return new ListValue(words(frame, text, max));
        }
        String sep = separator(separator);
        List<Object> parts = new ArrayList<>();
        int done = 0;
        for (int at; parts.size() < max && (at = Search.indexOf(frame, text.string(), sep, done)) >= 0;) {
            add(frame, parts, text, done, at);
            done = at + sep.length();
        }
        add(frame, parts, text, done, text.length());
        return new ListValue(parts);
    }

    static ListValue rsplit(Frame frame, Text text, Object[] a) {
        long max = limit(a[1]);
        Object separator = Args.or(a[0], null);
        List<Object> parts = new ArrayList<>();
        if (separator == null) {
            rwords(frame, text, max, parts);
        } else {
            String sep = separator(separator);
            int done = text.length();
            for (int at; parts.size() < max && (at = lastIndex(frame, text, sep, done)) >= 0;) {
                add(frame, parts, text, at + sep.length(), done);
                done = at;
            }
            add(frame, parts, text, 0, done);
        }
        Collections.reverse(parts);
        return new ListValue(parts);
    }

    private static int lastIndex(Frame frame, Text text, String sep, int before) {
        int from = before - sep.length();
        if (from < 0) {
            return -1;
        }
        int at = text.string().lastIndexOf(sep, from);
        frame.budget.steps(1);
        frame.budget.scan((from - Math.max(at, 0)) * (1L + Math.min(sep.length(), 64)));
        return at;
    }

    private static long limit(Object max) {
        long n = Types.toLong(Args.or(max, -1L), "maxsplit");
        return n < 0 ? Long.MAX_VALUE : n;
    }

    private static String separator(Object separator) {
        Text text = Types.toText(separator, "separator");
        if (text.isEmpty()) {
            throw new EvalError("empty separator");
        }
        return text.string();
    }

    private static void add(Frame frame, List<Object> parts, Text text, int from, int to) {
        frame.budget.steps(3); // an object each, however short
        parts.add(frame.slice(text, from, to));
    }

    private static List<Object> words(Frame frame, Text text, long max) {
        String s = text.string();
        frame.budget.scan(s.length());
        List<Object> parts = new ArrayList<>();
        int i = Chars.skipSpace(s, 0);
        while (i < s.length()) {
            int end = i;
            if (parts.size() >= max) {
                end = Chars.trimEnd(s, i, s.length());
                add(frame, parts, text, i, s.length() == end ? end : s.length());
                break;
            }
            while (end < s.length() && !Chars.isSpace(s.charAt(end))) {
                end++;
            }
            add(frame, parts, text, i, end);
            i = Chars.skipSpace(s, end);
        }
        return parts;
    }

    private static void rwords(Frame frame, Text text, long max, List<Object> parts) {
        String s = text.string();
        frame.budget.scan(s.length());
        int end = Chars.trimEnd(s, 0, s.length());
        while (end > 0) {
            int start = end;
            if (parts.size() >= max) {
                add(frame, parts, text, 0, end);
                break;
            }
            while (start > 0 && !Chars.isSpace(s.charAt(start - 1))) {
                start--;
            }
            add(frame, parts, text, start, end);
            end = Chars.trimEnd(s, 0, start);
        }
    }

    static List<Object> lines(Frame frame, Text text, boolean keepEnds) {
        String s = text.string();
        frame.budget.scan(s.length());
        List<Object> lines = new ArrayList<>();
        int start = 0;
        while (start < s.length()) {
            int end = start;
            while (end < s.length() && !Chars.isLineEnd(s.charAt(end))) {
                end++;
            }
            int next = Math.min(s.length(), end + (s.startsWith("\r\n", end) ? 2 : 1));
            add(frame, lines, text, start, keepEnds ? next : end);
            start = next;
        }
        return lines;
    }

    static TupleValue partition(Frame frame, Text text, Text sep, boolean last) {
        if (sep.isEmpty()) {
            throw new EvalError("empty separator");
        }
        String s = text.string();
        int at = last
                ? Search.lastIndexOf(frame, s, sep.string(), s.length())
                : Search.indexOf(frame, s, sep.string(), 0);
        if (at < 0) {
            return last ? TupleValue.of(Text.EMPTY, Text.EMPTY, text) : TupleValue.of(text, Text.EMPTY, Text.EMPTY);
        }
        int end = at + sep.length();
        return TupleValue.of(frame.slice(text, 0, at), frame.slice(text, at, end), frame.slice(text, end, s.length()));
    }
}
