package dev.m1.bench.peers;

import dev.m1.Generation;
import dev.m1.GenerationOptions;
import dev.m1.LanguageModel;
import dev.m1.ModelOptions;
import dev.m1.spi.WeightType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * {@code MODEL_DIRECTORY STORED|PACKED|Q8 CONTEXT NEW_TOKENS THREADS}: m1 as a host uses it, through {@link
 * LanguageModel} with its defaults but for these. It speaks {@link PeerProcess}'s protocol.
 */
public final class M1Peer {
    private M1Peer() {}

    public static void main(String[] args) throws IOException {
        ModelOptions options = ModelOptions.builder()
                .weights(WeightType.valueOf(args[1]))
                .contextTokens(Integer.parseInt(args[2]))
                .threads(Integer.parseInt(args[4]))
                .build();
        GenerationOptions greedy = GenerationOptions.greedy(Integer.parseInt(args[3])).withIgnoreEos(true);
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (LanguageModel model = LanguageModel.open(Path.of(args[0]), options)) {
            System.out.println("{\"ready\": \"" + model.info().backendDetail() + "\"}");
            for (String file = in.readLine(); file != null; file = in.readLine()) {
                Generation g = model.generate(model.tokenizer().encode(Files.readString(Path.of(file))), greedy);
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
