package dev.m1;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What several sampled answers to one question agree on.
 *
 * @param samples the runs that were counted, by sample index
 * @param tally votes for each answer key, most first; of equals the one whose first voter has the lowest sample index
 * @param winner the key with most votes; empty if no run had a key
 * @param agreement share of the winner among the runs that had a key; 0 without a winner
 * @param abstentions finished runs without a key
 * @param cancelled runs that were not counted: they could not change the winner, or were not waited for
 * @param fedTokens tokens that went through the decoder for all runs
 * @param savedTokens most tokens that the cancelled runs could still have decoded under their caps
 */
public record Vote(
        List<ReasoningResult> samples,
        Map<String, Integer> tally,
        Optional<String> winner,
        double agreement,
        int abstentions,
        int cancelled,
        long fedTokens,
        long savedTokens) {
    public Vote {
        samples = List.copyOf(samples);
    }
}
