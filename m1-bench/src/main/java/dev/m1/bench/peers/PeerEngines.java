package dev.m1.bench.peers;

import dev.m1.bench.runner.ResultsException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The list of engines that run.sh leaves: for each its name, version, weights, {@code all} or {@code first} (prompts),
 * and the words of its command, one a line; an empty line between engines.
 */
final class PeerEngines {
    private static final int HEAD = 4; // lines before the command
    private static final String EVERY_PROMPT = "all";

    private PeerEngines() {}

    static List<PeerEngine> read(Path file) throws IOException {
        List<PeerEngine> engines = new ArrayList<>();
        List<String> block = new ArrayList<>();
        for (String line : Files.readAllLines(file)) {
            if (line.isEmpty() && block.size() != 1) { // a version may be empty
                add(engines, block, file);
            } else {
                block.add(line);
            }
        }
        add(engines, block, file);
        return engines;
    }

    private static void add(List<PeerEngine> engines, List<String> block, Path file) {
        if (block.isEmpty()) {
            return;
        }
        if (block.size() <= HEAD) {
            throw new ResultsException(file + ": an engine without a command: " + block);
        }
        engines.add(new PeerEngine(
                block.get(0),
                block.get(1),
                block.get(2),
                block.get(3).equals(EVERY_PROMPT),
                block.subList(HEAD, block.size())));
        block.clear();
    }
}
