package dev.m1.bench.peers;

/**
 * One repetition of one engine: a prompt, then new tokens one by one.
 *
 * @param round in which round it ran; engines take turns, so a slow minute hits them all
 * @param prompt tokens the prompt was made to have
 * @param promptTokens tokens of the prompt as this engine counts them: the context that the new tokens begin at
 * @param promptTokensPerSecond the prompt's tokens over the time from the request to the first new token
 * @param newTokens tokens generated
 * @param decodeTokensPerSecond rate of the new tokens after the first
 */
record PeerSample(
        int round,
        int prompt,
        int promptTokens,
        double promptTokensPerSecond,
        int newTokens,
        double decodeTokensPerSecond) {}
