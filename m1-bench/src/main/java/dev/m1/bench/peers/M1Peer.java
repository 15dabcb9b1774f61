package dev.m1.bench.peers;

import dev.m1.Generation;
import dev.m1.GenerationOptions;
import dev.m1.LanguageModel;
import dev.m1.ModelOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** {@code MODEL_DIRECTORY PROMPT_FILE NEW_TOKENS THREADS REPEATS}: m1 through its public API, one sample a line. */
public final class M1Peer {
    private static final int SPARE = 64; // tokens of context beyond prompt and output

    private M1Peer() {}

    public static void main(String[] args) throws IOException {
        String prompt = Files.readString(Path.of(args[1]));
        int newTokens = Integer.parseInt(args[2]);
        int words = prompt.split(" ").length;
        ModelOptions options = ModelOptions.builder()
                .contextTokens(4 * words + newTokens + SPARE)
                .threads(Integer.parseInt(args[3]))
                .build();
        GenerationOptions greedy = GenerationOptions.greedy(newTokens).withIgnoreEos(true);
        try (LanguageModel model = LanguageModel.open(Path.of(args[0]), options)) {
            for (int r = 0; r <= Integer.parseInt(args[4]); r++) {
                Generation g = model.generate(model.tokenizer().encode(PeerPrompt.rotated(prompt, r)), greedy);
                if (r > 0) { // the first compiles
                    System.out.printf(
                            Locale.ROOT,
                            "{\"promptTokens\": %d, \"promptSeconds\": %.4f, \"newTokens\": %d,"
                                    + " \"decodeTokensPerSecond\": %.3f}%n",
                            g.usage().promptTokens(),
                            g.usage().timeToFirstToken().toNanos() / 1e9,
                            g.tokenIds().length,
                            g.usage().tokensPerSecond());
                }
            }
        }
    }
}
