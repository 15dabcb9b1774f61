package dev.m1.bench.peers;

import dev.m1.bench.synthetic.SyntheticText;
import dev.m1.tokenizer.Tokenizer;
import java.util.Arrays;

/**
 * A prompt of so many tokens of a model's tokenizer, words separated by spaces. Every engine gets this text; repetition
 * r gets it with the first r words moved to the end, so that nothing of an earlier one can be reused.
 */
final class PeerPrompt {
    private static final int CHARS_PER_TOKEN = 16; // more than any word here has

    private PeerPrompt() {}

    /**
     * The longest run of whole words with at most {@code tokens} tokens.
     *
     * @throws IllegalArgumentException if not a single word fits
     */
    static String of(Tokenizer tokenizer, int tokens) {
        if (tokens < 1) {
            throw new IllegalArgumentException("a prompt has at least 1 token, not " + tokens);
        }
        String[] words = SyntheticText.of(tokens * CHARS_PER_TOKEN, 1)
                .replaceAll("[^a-z ]+", " ")
                .strip()
                .split(" +");
        int low = 0;
        int high = words.length;
        while (low < high) { // more words never give fewer tokens
            int middle = (low + high + 1) / 2;
            boolean fits = tokenizer.encode(join(words, middle)).length <= tokens;
            low = fits ? middle : low;
            high = fits ? high : middle - 1;
        }
        if (low == 0) {
            throw new IllegalArgumentException("no word of the prompt fits into " + tokens + " tokens");
        }
        return join(words, low);
    }

    private static String join(String[] words, int count) {
        return String.join(" ", Arrays.asList(words).subList(0, count));
    }

    /** The text of a repetition. */
    static String rotated(String prompt, int repetition) {
        String text = prompt;
        for (int i = 0; i < repetition; i++) {
            int space = text.indexOf(' ');
            text = space < 0 ? text : text.substring(space + 1) + " " + text.substring(0, space);
        }
        return text;
    }
}
