package dev.m1.tokenizer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** The decoders of HF as {@link DecodeStep}s. */
final class DecodeSteps {
    private DecodeSteps() {}

    /** A step that looks at one item at a time: Replace, and Strip before the items are joined. */
    record PerItem(UnaryOperator<String> change) implements DecodeStep {
        @Override
        public void accept(String item, Consumer<String> out) {
            out.accept(change.apply(item));
        }

        @Override
        public DecodeStep copy() {
            return this;
        }
    }

    /** What HF does without a decoder: the tokens with a space between them. */
    static final class Spaced implements DecodeStep {
        private boolean started;

        @Override
        public void accept(String item, Consumer<String> out) {
            out.accept(started ? " " + item : item);
            started = true;
        }

        @Override
        public DecodeStep copy() {
            Spaced copy = new Spaced();
            copy.started = started;
            return copy;
        }
    }

    /** Tokens in the {@link ByteAlphabet} to text; a token with other characters stands for its own UTF-8. */
    static final class ByteLevel implements DecodeStep {
        private final Utf8Stream utf8;
        private final StringBuilder text = new StringBuilder();

        ByteLevel() {
            this(new Utf8Stream());
        }

        private ByteLevel(Utf8Stream utf8) {
            this.utf8 = utf8;
        }

        @Override
        public void accept(String item, Consumer<String> out) {
            if (ByteAlphabet.spells(item)) {
                for (int i = 0; i < item.length(); i++) {
                    utf8.accept(ByteAlphabet.byteOf(item.charAt(i)), text);
                }
            } else {
                for (byte b : item.getBytes(StandardCharsets.UTF_8)) {
                    utf8.accept(b & 0xFF, text);
                }
            }
            emit(out);
        }

        @Override
        public void finish(Consumer<String> out) {
            utf8.finish(text);
            emit(out);
        }

        private void emit(Consumer<String> out) {
            if (!text.isEmpty()) {
                out.accept(text.toString());
                text.setLength(0);
            }
        }

        @Override
        public DecodeStep copy() {
            return new ByteLevel(new Utf8Stream(utf8));
        }
    }

    /**
     * Tokens {@code <0x..>} to the text their bytes spell. As in HF a whole row of them is malformed or is not: of a
     * malformed row every byte becomes U+FFFD, so nothing of a row is certain before it ends.
     */
    static final class ByteFallback implements DecodeStep {
        private byte[] row = new byte[16];
        private int length;

        @Override
        public void accept(String item, Consumer<String> out) {
            int b = value(item);
            if (b < 0) {
                finish(out);
                out.accept(item);
                return;
            }
            if (length == row.length) {
                row = Arrays.copyOf(row, length * 2);
            }
            row[length++] = (byte) b;
        }

        @Override
        public void finish(Consumer<String> out) {
            if (length == 0) {
                return;
            }
            String text;
            try {
                text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(row, 0, length)).toString();
            } catch (CharacterCodingException e) {
                text = "\uFFFD".repeat(length);
            }
            length = 0;
            out.accept(text);
        }

        @Override
        public DecodeStep copy() {
            ByteFallback copy = new ByteFallback();
            copy.row = row.clone();
            copy.length = length;
            return copy;
        }

        /** The byte of a token {@code <0x..>}, or -1. Rust's parser, which HF uses, takes a plus sign as well. */
        private static int value(String token) {
            if (token.length() != 6 || !token.startsWith("<0x") || token.charAt(5) != '>') {
                return -1;
            }
            int high = digit(token.charAt(3));
            int low = digit(token.charAt(4));
            return low < 0 ? -1 : high >= 0 ? high * 16 + low : token.charAt(3) == '+' ? low : -1;
        }

        private static int digit(char c) {
            return c < 0x80 ? Character.digit(c, 16) : -1;
        }
    }

    /** The replacement character to spaces; none where HF puts one before the text. */
    static final class Metaspace implements DecodeStep {
        private final String replacement;
        private final boolean dropAtStart;
        private boolean started;

        Metaspace(String replacement, boolean dropAtStart) {
            this.replacement = replacement;
            this.dropAtStart = dropAtStart;
        }

        @Override
        public void accept(String item, Consumer<String> out) {
            out.accept(item.replace(replacement, started || !dropAtStart ? " " : ""));
            started = true;
        }

        @Override
        public DecodeStep copy() {
            Metaspace copy = new Metaspace(replacement, dropAtStart);
            copy.started = started;
            return copy;
        }
    }

    /** Strip after the items were joined: removes up to some characters at the start and at the end of the text. */
    static final class StripText implements DecodeStep {
        private final int content;
        private final int stop;
        private int startLeft; // characters that may still be removed at the start
        private int held; // characters held back because they may be the end

        StripText(int content, int start, int stop) {
            this.content = content;
            this.startLeft = start;
            this.stop = stop;
        }

        @Override
        public void accept(String item, Consumer<String> out) {
            StringBuilder text = new StringBuilder(item.length() + 8);
            for (int i = 0; i < item.length(); ) {
                int c = item.codePointAt(i);
                i += Character.charCount(c);
                if (c == content && startLeft > 0) {
                    startLeft--;
                } else if (c == content && held < stop) {
                    startLeft = 0;
                    held++;
                } else if (c == content) {
                    startLeft = 0;
                    text.appendCodePoint(c);
                } else {
                    startLeft = 0;
                    text.repeat(content, held).appendCodePoint(c);
                    held = 0;
                }
            }
            if (!text.isEmpty()) {
                out.accept(text.toString());
            }
        }

        @Override
        public DecodeStep copy() {
            StripText copy = new StripText(content, startLeft, stop);
            copy.held = held;
            return copy;
        }
    }

    /** Strip of a single item. */
    static String strip(String item, int content, int start, int stop) {
        int[] c = item.codePoints().toArray();
        int from = 0;
        while (from < Math.min(start, c.length) && c[from] == content) {
            from++;
        }
        int to = c.length;
        while (to > from && c.length - to < stop && c[to - 1] == content) {
            to--;
        }
        return new String(c, from, to - from);
    }
}
