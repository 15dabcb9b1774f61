package dev.m1.checkpoint;

import dev.m1.sampling.Sampling;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * How a checkpoint says it should be generated from: {@code generation_config.json}, completed by the token ids of
 * {@code config.json}. What the files do not name is off.
 *
 * @param eosIds ids that end a generation, of both files, without repetition; empty if none is named
 * @param bosId id that starts a text
 * @param padId id for padding
 * @param doSample whether the model's authors sample; if not, greedy
 * @param temperature 1 = unchanged
 * @param topK 0 = all
 * @param topP 1 = all
 * @param minP 0 = all
 * @param repetitionPenalty 1 = none
 */
public record GenerationConfig(
        int[] eosIds,
        OptionalInt bosId,
        OptionalInt padId,
        boolean doSample,
        double temperature,
        int topK,
        double topP,
        double minP,
        double repetitionPenalty) {

    public GenerationConfig {
        eosIds = eosIds.clone();
    }

    @Override
    public int[] eosIds() {
        return eosIds.clone();
    }

    /** The named defaults as sampling parameters: greedy, with the penalty, unless the authors sample. */
    public Sampling sampling(long seed) {
        Sampling.Builder builder = Sampling.builder().repetitionPenalty(repetitionPenalty).seed(seed);
        if (doSample) {
            builder.temperature(temperature).topK(topK).topP(topP).minP(minP);
        }
        return builder.build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GenerationConfig that
                && Arrays.equals(eosIds, that.eosIds)
                && bosId.equals(that.bosId)
                && padId.equals(that.padId)
                && sampling(0).equals(that.sampling(0));
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(eosIds) + sampling(0).hashCode();
    }

    @Override
    public String toString() {
        return "GenerationConfig[eosIds=" + Arrays.toString(eosIds) + ", bosId=" + bosId + ", padId=" + padId + ", "
                + sampling(0) + "]";
    }
}
