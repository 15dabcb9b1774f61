import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * GGUF_FILE CONTEXT NEW_TOKENS: llama3.java; speaks the protocol of PeerProcess.java. Compiled together with the given
 * Llama3.java, whose classes are not public. It computes on the common pool and the calling thread, which
 * run.sh gives the threads together.
 */
class Llama3Peer {
    public static void main(String[] args) throws Exception {
        int newTokens = Integer.parseInt(args[2]);
        Llama model = ModelLoader.loadModel(Path.of(args[0]), Integer.parseInt(args[1]), true);
        int batch = Integer.getInteger("llama.BatchSize", 16); // its own default
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in));
        System.out.println("{\"ready\": \"prompts in batches of " + batch + "\"}");
        for (String file = in.readLine(); file != null; file = in.readLine()) {
            List<Integer> ids = model.tokenizer().encodeAsList(Files.readString(Path.of(file)));
            Llama.State state = model.createNewState(batch);
            long[] times = new long[3]; // begin, first token, last token
            int[] tokens = new int[1];
            times[0] = System.nanoTime();
            Llama.generateTokens(
                    model, state, 0, ids, Set.of(), ids.size() - 1 + newTokens, Sampler.ARGMAX, false, token -> {
                        times[tokens[0]++ == 0 ? 1 : 2] = System.nanoTime();
                    });
            System.out.printf(
                    Locale.ROOT,
                    "{\"promptTokens\": %d, \"promptSeconds\": %.4f, \"newTokens\": %d,"
                            + " \"decodeTokensPerSecond\": %.3f}%n",
                    ids.size(),
                    (times[1] - times[0]) / 1e9,
                    tokens[0],
                    (tokens[0] - 1) / ((times[2] - times[1]) / 1e9));
        }
    }
}
