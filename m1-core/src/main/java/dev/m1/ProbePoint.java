package dev.m1;

import java.util.Map;

/**
 * What one probe read.
 *
 * @param thinkingTokens thinking tokens so far
 * @param answer the likeliest letter, or the answer's text
 * @param probabilities of the letters, among all tokens; empty for a text probe
 */
public record ProbePoint(int thinkingTokens, String answer, Map<String, Double> probabilities) {
    public ProbePoint {
        probabilities = Map.copyOf(probabilities);
    }
}
