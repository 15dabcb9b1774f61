import com.github.tjake.jlama.model.AbstractModel;
import com.github.tjake.jlama.model.ModelSupport;
import com.github.tjake.jlama.model.functions.Generator;
import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.safetensors.prompt.PromptContext;
import java.io.BufferedReader;
import java.io.File;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** MODEL_DIRECTORY NEW_TOKENS THREADS: Jlama; speaks the protocol of PeerProcess.java. */
class JlamaPeer {
    public static void main(String[] args) throws Exception {
        int newTokens = Integer.parseInt(args[1]);
        AbstractModel model = ModelSupport.loadModel(
                new File(args[0]),
                null,
                DType.F32,
                DType.I8,
                Optional.empty(),
                Optional.of(Integer.parseInt(args[2])));
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        System.out.println("{\"ready\": \"activations as int8 in products with quantized weights, else float32\"}");
        for (String file = in.readLine(); file != null; file = in.readLine()) {
            PromptContext text = PromptContext.of(Files.readString(Path.of(file)));
            int promptTokens = model.encodePrompt(text).length;
            long[] times = new long[3]; // begin, first token, last token
            int[] tokens = new int[1];
            times[0] = System.nanoTime();
            Generator.Response response =
                    model.generate(UUID.randomUUID(), text, 0f, promptTokens + newTokens, (token, time) -> {
                        times[tokens[0]++ == 0 ? 1 : 2] = System.nanoTime();
                    });
            System.out.printf(
                    Locale.ROOT,
                    "{\"promptTokens\": %d, \"promptSeconds\": %.4f, \"newTokens\": %d,"
                            + " \"decodeTokensPerSecond\": %.3f}%n",
                    promptTokens,
                    (times[1] - times[0]) / 1e9,
                    tokens[0],
                    (tokens[0] - 1) / ((times[2] - times[1]) / 1e9));
            System.err.println("jlama: " + response.promptTokens + " + " + response.generatedTokens + " tokens, "
                    + response.promptTimeMs + " + " + response.generateTimeMs + " ms, " + response.finishReason);
        }
        System.exit(0); // its thread pools are not daemons
    }
}
