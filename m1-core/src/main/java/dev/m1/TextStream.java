package dev.m1;

import dev.m1.tokenizer.StreamDecoder;
import dev.m1.tokenizer.Tokenizer;

/** Text that grows token by token, and what of it is new; never half a character. */
final class TextStream {
    private final Tokenizer tokenizer;
    private final StringBuilder text = new StringBuilder();
    private StreamDecoder decoder;

    /**
     * @param before the id in front of the first one, so that a decoder that treats a text's start differently does not
     */
    TextStream(Tokenizer tokenizer, int before) {
        this.tokenizer = tokenizer;
        restart(before);
    }

    /** Feeds an id; returns the text that became complete, often empty. */
    String append(int id) {
        return add(decoder.append(id));
    }

    /** Adds text that did not come from ids, after {@code before}. */
    String append(String more, int before) {
        String piece = add(decoder.finish() + more);
        restart(before);
        return piece;
    }

    /** Ends the text; returns what was held back. */
    String finish() {
        return add(decoder.finish());
    }

    @Override
    public String toString() {
        return text.toString();
    }

    private void restart(int before) {
        decoder = tokenizer.streamDecoder();
        if (before >= 0) {
            decoder.append(before);
        }
    }

    private String add(String piece) {
        text.append(piece);
        return piece;
    }
}
