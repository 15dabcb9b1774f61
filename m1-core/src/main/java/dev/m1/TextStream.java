package dev.m1;

import dev.m1.tokenizer.StreamDecoder;
import dev.m1.tokenizer.Tokenizer;

/** Text that grows token by token, and what of it is new; never half a character. */
final class TextStream {
    private final Tokenizer tokenizer;
    private final StringBuilder text = new StringBuilder();
    private StreamDecoder decoder;

    TextStream(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        restart();
    }

    /** Feeds an id; returns the text that became complete, often empty. */
    String append(int id) {
        return add(decoder.append(id));
    }

    /** Adds text that did not come from ids. */
    String appendText(String more) {
        String piece = add(decoder.finish() + more);
        restart();
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

    /** The text goes on behind others: a decoder that treats a text's start differently is shown a letter first. */
    private void restart() {
        decoder = tokenizer.streamDecoder();
        for (int id : tokenizer.encodeLiteral("a")) {
            decoder.append(id);
        }
    }

    private String add(String piece) {
        text.append(piece);
        return piece;
    }
}
