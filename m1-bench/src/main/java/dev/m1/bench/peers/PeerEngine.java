package dev.m1.bench.peers;

import java.util.List;

/**
 * An engine that takes part.
 *
 * @param name its own
 * @param version its version or commit
 * @param weights how it holds the weights, {@code bf16} or {@code Q8_0}
 * @param everyPrompt false if it gets the first prompt only
 * @param command what starts it; see {@link PeerProcess} for what it must do then
 */
record PeerEngine(String name, String version, String weights, boolean everyPrompt, List<String> command) {
    PeerEngine {
        command = List.copyOf(command);
    }

    /** For people. */
    String label() {
        return label(name, version, weights);
    }

    /** A version may be empty. */
    static String label(String name, String version, String weights) {
        return (name + " " + version).strip() + ", " + weights;
    }
}
