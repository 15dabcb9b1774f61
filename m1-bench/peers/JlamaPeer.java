import com.github.tjake.jlama.model.AbstractModel;
import com.github.tjake.jlama.model.ModelSupport;
import com.github.tjake.jlama.model.functions.Generator;
import com.github.tjake.jlama.safetensors.DType;
import com.github.tjake.jlama.safetensors.prompt.PromptContext;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** MODEL_DIRECTORY PROMPT_FILE NEW_TOKENS THREADS REPEATS: Jlama, one sample a line. */
class JlamaPeer {
    public static void main(String[] args) throws Exception {
        String prompt = Files.readString(Path.of(args[1]));
        int newTokens = Integer.parseInt(args[2]);
        AbstractModel model = ModelSupport.loadModel(
                new File(args[0]),
                null,
                DType.F32,
                DType.I8,
                Optional.empty(),
                Optional.of(Integer.parseInt(args[3])));
        for (int r = 0; r <= Integer.parseInt(args[4]); r++) {
            PromptContext text = PromptContext.of(rotated(prompt, r));
            int promptTokens = model.encodePrompt(text).length;
            long[] times = new long[3]; // begin, first token, last token
            int[] tokens = new int[1];
            times[0] = System.nanoTime();
            Generator.Response response =
                    model.generate(UUID.randomUUID(), text, 0f, promptTokens + newTokens, (token, time) -> {
                        times[tokens[0]++ == 0 ? 1 : 2] = System.nanoTime();
                    });
            if (r > 0) { // the first compiles
                System.out.printf(
                        Locale.ROOT,
                        "{\"promptTokens\": %d, \"promptSeconds\": %.4f, \"newTokens\": %d,"
                                + " \"decodeTokensPerSecond\": %.3f}%n",
                        promptTokens,
                        (times[1] - times[0]) / 1e9,
                        tokens[0],
                        (tokens[0] - 1) / ((times[2] - times[1]) / 1e9));
            }
            System.err.println("jlama: " + response.promptTokens + " + " + response.generatedTokens + " tokens, "
                    + response.promptTimeMs + " + " + response.generateTimeMs + " ms, " + response.finishReason);
        }
        System.exit(0); // its thread pools are not daemons
    }

    private static String rotated(String prompt, int words) {
        String text = prompt;
        for (int i = 0; i < words; i++) {
            int space = text.indexOf(' ');
            text = text.substring(space + 1) + " " + text.substring(0, space);
        }
        return text;
    }
}
