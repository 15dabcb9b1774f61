package dev.m1.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.function.IntPredicate;

/** Something that is searched for in a text: the pattern of a Split or Replace. */
interface SpanPattern {
    /** Receives the parts of a text, in order and without gaps: each match, and what lies between matches. */
    interface Sink {
        void span(int start, int end, boolean match);
    }

    /** Cuts a text that is not empty into its matches and what is between them. */
    void find(String text, Sink sink);

    /** The text with each match replaced. */
    default String replace(String text, String content) {
        if (text.isEmpty()) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        find(text, (start, end, match) -> {
            if (match) {
                out.append(content);
            } else {
                out.append(text, start, end);
            }
        });
        return out.toString();
    }

    /** A fixed text, not empty. */
    record Fixed(String wanted) implements SpanPattern {
        @Override
        public void find(String text, Sink sink) {
            int done = 0;
            for (int at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, done)) {
                if (done < at) {
                    sink.span(done, at, false);
                }
                done = at + wanted.length();
                sink.span(at, done, true);
            }
            if (done < text.length()) {
                sink.span(done, text.length(), false);
            }
        }

        @Override
        public String replace(String text, String content) {
            return text.replace(wanted, content);
        }
    }

    /** Each single code point of a class. */
    record OneOf(IntPredicate wanted) implements SpanPattern {
        @Override
        public void find(String text, Sink sink) {
            int done = 0;
            for (int i = 0; i < text.length(); ) {
                int c = text.codePointAt(i);
                int end = i + Character.charCount(c);
                if (wanted.test(c)) {
                    if (done < i) {
                        sink.span(done, i, false);
                    }
                    sink.span(i, end, true);
                    done = end;
                }
                i = end;
            }
            if (done < text.length()) {
                sink.span(done, text.length(), false);
            }
        }
    }

    /** A well-known pattern. */
    record Scanned(WordScanner scanner) implements SpanPattern {
        @Override
        public void find(String text, Sink sink) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            int start = 0;
            for (int from = 0; from < utf8.length; ) {
                int to = scanner.next(utf8, from, utf8.length);
                int end = start + units(utf8, from, to);
                sink.span(start, end, true);
                start = end;
                from = to;
            }
        }

        /** UTF-16 units of a piece of UTF-8: one for each leading byte, two for a leading byte of four. */
        private static int units(byte[] utf8, int from, int to) {
            int units = 0;
            for (int i = from; i < to; i++) {
                units += (utf8[i] & 0xC0) == 0x80 ? 0 : (utf8[i] & 0xF8) == 0xF0 ? 2 : 1;
            }
            return units;
        }
    }
}
