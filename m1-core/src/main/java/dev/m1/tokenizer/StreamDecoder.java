package dev.m1.tokenizer;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Decodes ids as they are generated. The pieces put together are exactly {@link Tokenizer#decode(int[])} of all ids,
 * and each piece is text that no later id can change: an incomplete character is held back, and so is what the decoder
 * of the tokenizer may still rewrite (a row of {@code <0x..>} tokens until it ends, as a later byte may make all of it
 * malformed). An id costs constant time, amortised. Not for use by several threads at once.
 */
public final class StreamDecoder {
    private final Tokenizer tokenizer;
    private final List<DecodeStep> steps;
    private final List<Consumer<String>> inputs = new ArrayList<>(); // [steps + 1]: what takes the items of each step
    private final StringBuilder text = new StringBuilder(); // what has come out and was not handed over
    private final boolean skipSpecialTokens;
    private boolean finished;

    StreamDecoder(Tokenizer tokenizer, List<DecodeStep> prototypes, boolean skipSpecialTokens) {
        this.tokenizer = tokenizer;
        this.skipSpecialTokens = skipSpecialTokens;
        steps = prototypes.stream().map(DecodeStep::copy).toList();
        for (int i = 0; i < steps.size(); i++) {
            int step = i;
            inputs.add(item -> steps.get(step).accept(item, inputs.get(step + 1)));
        }
        inputs.add(text::append);
    }

    /**
     * Takes the next id.
     *
     * @return the text that has become certain, often empty
     * @throws IllegalArgumentException if the id is negative; an id that no token has adds nothing, as in HF
     */
    public String append(int id) {
        accept(id);
        return takeText();
    }

    /**
     * Ends the text: an incomplete character becomes U+FFFD. No id can be appended after it.
     *
     * @return what was held back
     */
    public String finish() {
        requireOpen();
        finished = true;
        for (int i = 0; i < steps.size(); i++) {
            steps.get(i).finish(inputs.get(i + 1));
        }
        return takeText();
    }

    /** A decoder in the same state; the two go on independently. */
    public StreamDecoder copy() {
        StreamDecoder copy = new StreamDecoder(tokenizer, steps, skipSpecialTokens);
        copy.finished = finished;
        return copy;
    }

    void accept(int id) {
        requireOpen();
        String form = tokenizer.decodedForm(id, skipSpecialTokens);
        if (form != null) {
            inputs.get(0).accept(form);
        }
    }

    private void requireOpen() {
        if (finished) {
            throw new IllegalStateException("the stream was finished");
        }
    }

    private String takeText() {
        if (text.isEmpty()) {
            return "";
        }
        String taken = text.toString();
        text.setLength(0);
        return taken;
    }
}
