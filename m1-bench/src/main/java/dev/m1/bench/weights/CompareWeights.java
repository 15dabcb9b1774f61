package dev.m1.bench.weights;

import dev.m1.checkpoint.Checkpoint;
import dev.m1.spi.WeightType;
import dev.m1.tokenizer.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Compares 8-bit weights with the stored ones on a text:
 *
 * <pre>{@code
 * java --add-modules jdk.incubator.vector -cp m1-bench/target/benchmarks.jar dev.m1.bench.weights.CompareWeights \
 *     CHECKPOINT_DIR TEXT_FILE [WINDOW_TOKENS]
 * }</pre>
 */
public final class CompareWeights {
    private static final int WINDOW = 256; // tokens

    private CompareWeights() {}

    /** Prints perplexities, their ratio, and how often the likeliest id is the same. */
    public static void main(String[] args) throws IOException {
        if (args.length < 2 || args.length > 3) {
            System.err.println("usage: CompareWeights CHECKPOINT_DIR TEXT_FILE [WINDOW_TOKENS]");
            System.exit(2);
        }
        Path model = Path.of(args[0]);
        int window = args.length > 2 ? Integer.parseInt(args[2]) : WINDOW;
        int[] ids = Tokenizer.load(model).encode(Files.readString(Path.of(args[1])));
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            TextScore stored = TextScore.of(checkpoint, WeightType.STORED, ids, window);
            TextScore rounded = TextScore.of(checkpoint, WeightType.Q8, ids, window);
            System.out.printf(
                    Locale.ROOT,
                    "%d ids judged; perplexity stored %.4f, Q8 %.4f (%+.3f %%); same likeliest id %.2f %%%n",
                    stored.logprobs().length,
                    stored.perplexity(),
                    rounded.perplexity(),
                    100 * (rounded.perplexity() / stored.perplexity() - 1),
                    100 * rounded.agreement(stored));
        }
    }
}
