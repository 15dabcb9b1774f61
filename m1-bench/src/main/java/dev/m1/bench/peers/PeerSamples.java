package dev.m1.bench.peers;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.m1.bench.runner.ResultsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Reads what engines printed: files {@code <peer>.<round>.jsonl} with one {@link PeerSample} a line (peer and round
 * come from the file's name), and {@code <peer>.<round>.llama-bench.json}, which is llama-bench's own output.
 */
final class PeerSamples {
    private static final String LINES = ".jsonl";
    private static final String LLAMA_BENCH = ".llama-bench.json";
    private static final ObjectMapper MAPPER =
            new ObjectMapper().configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, false);

    private PeerSamples() {}

    /** All samples of a folder; in round order, so that the table does not depend on the file system. */
    static List<PeerSample> read(Path folder) throws IOException {
        List<PeerSample> all = new ArrayList<>();
        try (var files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files.sorted()::iterator) {
                String name = file.getFileName().toString();
                if (name.endsWith(LLAMA_BENCH)) {
                    all.add(LlamaBenchOutput.parse(
                            Files.readString(file), peer(name, LLAMA_BENCH), round(name, LLAMA_BENCH)));
                } else if (name.endsWith(LINES)) {
                    for (String line : Files.readAllLines(file)) {
                        if (line.startsWith("{")) { // some engines print a banner as well
                            all.add(parse(line, peer(name, LINES), round(name, LINES)));
                        }
                    }
                }
            }
        }
        all.sort(Comparator.comparingInt(PeerSample::round));
        return all;
    }

    static PeerSample parse(String line, String peer, int round) {
        try {
            JsonNode json = MAPPER.readTree(line);
            PeerSample s = new PeerSample(
                    peer,
                    round,
                    json.path("promptTokens").asInt(),
                    json.path("promptSeconds").asDouble(),
                    json.path("newTokens").asInt(),
                    json.path("decodeTokensPerSecond").asDouble());
            if (s.promptTokens() < 1 || !(s.promptSeconds() > 0) || !(s.decodeTokensPerSecond() > 0)) {
                throw new ResultsException(peer + " printed no sample: " + line);
            }
            return s;
        } catch (JsonProcessingException e) {
            throw new ResultsException(peer + " printed no JSON: " + line, e);
        }
    }

    private static String peer(String file, String ending) {
        return stem(file, ending).replaceFirst("\\.\\d+$", "");
    }

    private static int round(String file, String ending) {
        String stem = stem(file, ending);
        String digits = stem.substring(stem.lastIndexOf('.') + 1);
        if (!digits.matches("\\d{1,6}")) {
            throw new ResultsException("the file " + file + " does not say its round: PEER.ROUND" + ending);
        }
        return Integer.parseInt(digits);
    }

    private static String stem(String file, String ending) {
        return file.substring(0, file.length() - ending.length());
    }
}
