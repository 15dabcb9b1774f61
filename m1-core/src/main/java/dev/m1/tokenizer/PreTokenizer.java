package dev.m1.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.List;

/** Cuts a text into the pieces that BPE sees one by one, and may rewrite them. */
interface PreTokenizer {
    /** Receives the pieces; {@code atStart} is true for a piece at the very start of the encoded text. */
    interface Sink {
        void piece(String piece, boolean atStart);
    }

    /** The whole text is one piece. */
    PreTokenizer NONE = (text, atStart, sink) -> sink.piece(text, atStart);

    /** Cuts a text that is not empty. */
    void split(String text, boolean atStart, Sink sink);

    /** Splits at matches of a pattern; {@code invert} swaps matches and what is between them. */
    record Split(SpanPattern pattern, SplitBehavior behavior, boolean invert) implements PreTokenizer {
        @Override
        public void split(String text, boolean atStart, Sink sink) {
            Group group = new Group(text, atStart, sink);
            pattern.find(text, (start, end, found) -> {
                boolean match = found != invert;
                if (group.end > 0 && behavior.joins(match, group.lastMatch)) {
                    group.end = end;
                } else {
                    group.flush();
                    group.start = start;
                    group.end = match && behavior == SplitBehavior.REMOVED ? start : end;
                }
                group.lastMatch = match;
            });
            group.flush();
        }

        private static final class Group {
            final String text;
            final boolean atStart;
            final Sink sink;
            int start;
            int end;
            boolean lastMatch;

            Group(String text, boolean atStart, Sink sink) {
                this.text = text;
                this.atStart = atStart;
                this.sink = sink;
            }

            void flush() {
                if (start < end) {
                    sink.piece(text.substring(start, end), atStart && start == 0);
                }
            }
        }
    }

    /** Spells bytes in the {@link ByteAlphabet}, after splitting as GPT-2 does if {@code words} is not null. */
    record ByteLevel(boolean addPrefixSpace, PreTokenizer words) implements PreTokenizer {
        @Override
        public void split(String text, boolean atStart, Sink sink) {
            String prefixed = addPrefixSpace && !text.startsWith(" ") ? " " + text : text;
            words.split(prefixed, atStart,
                    (piece, first) -> sink.piece(ByteAlphabet.spell(piece.getBytes(StandardCharsets.UTF_8)), first));
        }
    }

    /** Writes spaces as another character, puts it before a text, and splits before each. */
    record Metaspace(String replacement, Scheme scheme, boolean split) implements PreTokenizer {
        /** Where the replacement is put before a text that does not begin with it. */
        enum Scheme { ALWAYS, FIRST, NEVER }

        @Override
        public void split(String text, boolean atStart, Sink sink) {
            String replaced = text.replace(" ", replacement);
            boolean prepend = scheme == Scheme.ALWAYS || scheme == Scheme.FIRST && atStart;
            String prefixed = prepend && !replaced.startsWith(replacement) ? replacement + replaced : replaced;
            if (split) {
                new Split(new SpanPattern.Fixed(replacement), SplitBehavior.MERGED_WITH_NEXT, false)
                        .split(prefixed, atStart, sink);
            } else {
                sink.piece(prefixed, atStart);
            }
        }
    }

    /** Runs of {@code \w} and runs of other characters, without white space between them. */
    record Whitespace() implements PreTokenizer {
        private static final int WORD = UnicodeClasses.WORD;
        private static final int NEITHER = UnicodeClasses.WORD | UnicodeClasses.SPACE;

        @Override
        public void split(String text, boolean atStart, Sink sink) {
            for (int i = 0; i < text.length(); ) {
                int c = text.codePointAt(i);
                int end = i + Character.charCount(c);
                if (UnicodeClasses.is(c, WORD) || !UnicodeClasses.is(c, NEITHER)) {
                    boolean word = UnicodeClasses.is(c, WORD);
                    int classes = word ? WORD : NEITHER;
                    while (end < text.length() && UnicodeClasses.is(text.codePointAt(end), classes) == word) {
                        end += Character.charCount(text.codePointAt(end));
                    }
                    sink.piece(text.substring(i, end), atStart && i == 0);
                }
                i = end;
            }
        }
    }

    /** One after the other, each on the pieces of the one before. */
    record Sequence(PreTokenizer first, PreTokenizer second) implements PreTokenizer {
        static PreTokenizer of(List<PreTokenizer> parts) {
            PreTokenizer all = NONE;
            for (PreTokenizer part : parts) {
                all = all == NONE ? part : new Sequence(all, part);
            }
            return all;
        }

        @Override
        public void split(String text, boolean atStart, Sink sink) {
            first.split(text, atStart, (piece, start) -> {
                if (!piece.isEmpty()) {
                    second.split(piece, start, sink);
                }
            });
        }
    }
}
