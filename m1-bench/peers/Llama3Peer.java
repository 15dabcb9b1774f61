import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * GGUF_FILE PROMPT_FILE NEW_TOKENS THREADS REPEATS: llama3.java, one sample a line. Compiled together with the given
 * Llama3.java, whose classes are not public. It computes on the common pool, which run.sh gives the threads.
 */
class Llama3Peer {
    public static void main(String[] args) throws Exception {
        String prompt = Files.readString(Path.of(args[1]));
        int newTokens = Integer.parseInt(args[2]);
        int context = 4 * prompt.split(" ").length + newTokens + 64;
        Llama model = ModelLoader.loadModel(Path.of(args[0]), context, true);
        for (int r = 0; r <= Integer.parseInt(args[4]); r++) {
            List<Integer> ids = model.tokenizer().encodeAsList(rotated(prompt, r));
            Llama.State state = model.createNewState(Integer.getInteger("llama.BatchSize", 16));
            long[] times = new long[3]; // begin, first token, last token
            int[] tokens = new int[1];
            times[0] = System.nanoTime();
            Llama.generateTokens(
                    model, state, 0, ids, Set.of(), ids.size() - 1 + newTokens, Sampler.ARGMAX, false, token -> {
                        times[tokens[0]++ == 0 ? 1 : 2] = System.nanoTime();
                    });
            if (r > 0) { // the first compiles
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

    private static String rotated(String prompt, int words) {
        String text = prompt;
        for (int i = 0; i < words; i++) {
            int space = text.indexOf(' ');
            text = text.substring(space + 1) + " " + text.substring(0, space);
        }
        return text;
    }
}
