import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * GGUF_FILE PROMPT_FILE NEW_TOKENS THREADS REPEATS: java-llama.cpp (llama.cpp behind JNI), one sample a line. run.sh
 * puts the package of the given jar in place of de.kherud.llama.
 */
class JavaLlamaPeer {
    public static void main(String[] args) throws Exception {
        String prompt = Files.readString(Path.of(args[1]));
        int newTokens = Integer.parseInt(args[2]);
        int threads = Integer.parseInt(args[3]);
        ModelParameters parameters = new ModelParameters()
                .setModel(args[0])
                .setThreads(threads)
                .setThreadsBatch(threads)
                .setCtxSize(4 * prompt.split(" ").length + newTokens + 64);
        try (LlamaModel model = new LlamaModel(parameters)) {
            for (int r = 0; r <= Integer.parseInt(args[4]); r++) {
                String text = rotated(prompt, r);
                int promptTokens = model.encode(text).length;
                InferenceParameters request = new InferenceParameters(text)
                        .setNPredict(newTokens)
                        .setTemperature(0)
                        .setIgnoreEos(true)
                        .setCachePrompt(false);
                long begin = System.nanoTime();
                long first = 0;
                for (LlamaIterator tokens = model.generate(request).iterator(); tokens.hasNext(); ) {
                    tokens.next();
                    first = first == 0 ? System.nanoTime() : first;
                }
                long end = System.nanoTime();
                if (r > 0) { // the first reads the file in
                    System.out.printf(
                            Locale.ROOT,
                            "{\"promptTokens\": %d, \"promptSeconds\": %.4f, \"newTokens\": %d,"
                                    + " \"decodeTokensPerSecond\": %.3f}%n",
                            promptTokens,
                            (first - begin) / 1e9,
                            newTokens,
                            (newTokens - 1) / ((end - first) / 1e9));
                }
            }
        }
        System.exit(0); // its threads are not daemons
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
