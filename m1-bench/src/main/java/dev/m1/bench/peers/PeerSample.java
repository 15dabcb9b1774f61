package dev.m1.bench.peers;

/**
 * One repetition of one engine: a prompt, then new tokens one by one.
 *
 * @param peer the engine's name
 * @param round in which round it ran; engines take turns, so a slow minute hits them all
 * @param promptTokens tokens of the prompt, as this engine counts them
 * @param promptSeconds from the request to the first new token
 * @param newTokens tokens generated
 * @param decodeTokensPerSecond rate of the new tokens after the first
 */
record PeerSample(
        String peer, int round, int promptTokens, double promptSeconds, int newTokens, double decodeTokensPerSecond) {
    double promptTokensPerSecond() {
        return promptTokens / promptSeconds;
    }
}
