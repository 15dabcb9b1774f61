import de.kherud.llama.InferenceParameters;
import de.kherud.llama.LlamaIterator;
import de.kherud.llama.LlamaModel;
import de.kherud.llama.ModelParameters;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * GGUF_FILE CONTEXT NEW_TOKENS THREADS: java-llama.cpp (llama.cpp behind JNI); speaks the protocol of PeerProcess.java.
 * run.sh puts the package of the given jar in place of de.kherud.llama.
 */
class JavaLlamaPeer {
    public static void main(String[] args) throws Exception {
        int newTokens = Integer.parseInt(args[2]);
        int threads = Integer.parseInt(args[3]);
        ModelParameters parameters = new ModelParameters()
                .setModel(args[0])
                .setThreads(threads)
                .setThreadsBatch(threads)
                .setCtxSize(Integer.parseInt(args[1]));
        try (LlamaModel model = new LlamaModel(parameters)) {
            BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
            System.out.println("{\"ready\": \"JNI\"}");
            for (String file = in.readLine(); file != null; file = in.readLine()) {
                String text = Files.readString(Path.of(file));
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
        System.exit(0); // its threads are not daemons
    }
}
