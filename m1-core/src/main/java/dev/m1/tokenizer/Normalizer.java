package dev.m1.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Rewrites a text before it is split. */
interface Normalizer {
    /** Leaves every text as it is. */
    Normalizer NONE = (text, first, last) -> text;

    /**
     * The normalized form of a run of text.
     *
     * @param first whether the run starts its text: only then is something put before it or stripped there
     * @param last  whether the run ends its text
     */
    String normalize(String text, boolean first, boolean last);

    /** Puts a prefix before a text that is not empty. */
    record Prepend(String prefix) implements Normalizer {
        @Override
        public String normalize(String text, boolean first, boolean last) {
            return first && !text.isEmpty() ? prefix + text : text;
        }
    }

    /** Replaces each match of a pattern. */
    record Replace(SpanPattern pattern, String content) implements Normalizer {
        @Override
        public String normalize(String text, boolean first, boolean last) {
            return pattern.replace(text, content);
        }
    }

    /** Removes white space at the ends. */
    record Strip(boolean left, boolean right) implements Normalizer {
        @Override
        public String normalize(String text, boolean first, boolean last) {
            int from = 0;
            int to = text.length();
            while (left && first && from < to && UnicodeClasses.is(text.charAt(from), UnicodeClasses.SPACE)) {
                from++;
            }
            while (right && last && from < to && UnicodeClasses.is(text.charAt(to - 1), UnicodeClasses.SPACE)) {
                to--;
            }
            return text.substring(from, to);
        }
    }

    /** Lower case character by character, without the context rules that {@link String#toLowerCase()} has. */
    record Lowercase() implements Normalizer {
        @Override
        public String normalize(String text, boolean first, boolean last) {
            StringBuilder out = new StringBuilder(text.length());
            text.codePoints().forEach(c -> {
                if (c == 0x130) {
                    out.append("\u0130".toLowerCase(Locale.ROOT));
                } else {
                    out.appendCodePoint(Character.toLowerCase(c));
                }
            });
            return out.toString();
        }
    }

    /** Spells the UTF-8 of a text in the {@link ByteAlphabet}. */
    record ByteLevel() implements Normalizer {
        @Override
        public String normalize(String text, boolean first, boolean last) {
            return ByteAlphabet.spell(text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** One after the other. */
    record Sequence(List<Normalizer> parts) implements Normalizer {
        @Override
        public String normalize(String text, boolean first, boolean last) {
            String out = text;
            for (Normalizer part : parts) {
                out = part.normalize(out, first, last);
            }
            return out;
        }
    }
}
