package dev.m1.tokenizer;

import dev.m1.errors.TokenizerException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A pattern that is none of the well-known ones, run by {@code java.util.regex}. Its general categories are those of
 * the JDK. A pattern that backtracks without end, or recurses too deeply, ends in a {@link TokenizerException}
 * instead.
 */
final class RegexPattern implements SpanPattern {
    // a reasonable pattern looks at a character a few dozen times
    private static final long STEPS_PER_CHARACTER = 2_000;

    private final String source;
    private final Pattern pattern;

    /** IllegalArgumentException says what of the pattern is not supported. */
    RegexPattern(String source) {
        this.source = source;
        pattern = Pattern.compile(RegexTranslator.translate(source));
    }

    @Override
    public void find(String text, Sink sink) {
        Matcher matcher = pattern.matcher(new CountedText(text));
        int done = 0;
        int from = 0;
        int lastEnd = -1;
        while (from <= text.length() && search(matcher, from)) {
            int start = matcher.start();
            int end = matcher.end();
            if (start == end && end == lastEnd) { // HF takes no empty match right after a match
                from = end < text.length() ? end + Character.charCount(text.codePointAt(end)) : end + 1;
                continue;
            }
            if (done < start) {
                sink.span(done, start, false);
            }
            sink.span(start, end, true);
            done = end;
            from = end;
            lastEnd = end;
        }
        if (done < text.length()) {
            sink.span(done, text.length(), false);
        }
    }

    private boolean search(Matcher matcher, int from) {
        try {
            return matcher.find(from);
        } catch (StackOverflowError e) {
            throw new TokenizerException("the pattern " + source + " recurses too deeply on this text");
        }
    }

    /** A text that counts how often it is looked at. */
    private final class CountedText implements CharSequence {
        private final String text;
        private long steps;

        CountedText(String text) {
            this.text = text;
            steps = STEPS_PER_CHARACTER * (text.length() + 16L);
        }

        @Override
        public char charAt(int index) {
            if (--steps < 0) {
                throw new TokenizerException("the pattern " + source + " needs more than " + STEPS_PER_CHARACTER
                        + " steps a character on a text of " + text.length() + " characters");
            }
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return text.substring(start, end);
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
