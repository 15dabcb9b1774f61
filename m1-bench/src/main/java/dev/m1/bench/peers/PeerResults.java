package dev.m1.bench.peers;

import dev.m1.bench.runner.Machine;
import dev.m1.bench.runner.Spread;
import java.util.List;

/**
 * One file of a comparison: what each engine did, repetition by repetition, and what that amounts to.
 *
 * @param schema version of this layout
 * @param date ISO date
 * @param commit of m1, {@code -dirty} with changes on top
 * @param device folder name of the machine
 * @param machine what it is
 * @param settings what was run
 * @param readBandwidth GB/s, before the engines and with as many threads as there are processors
 * @param engines in the order of their turns
 * @param absent engines that were asked for, or known, and did not take part, and why
 */
record PeerResults(
        int schema,
        String date,
        String commit,
        String device,
        Machine machine,
        Settings settings,
        Spread readBandwidth,
        List<Engine> engines,
        List<String> absent) {
    /** Of files written here. */
    static final int SCHEMA = 1;

    /**
     * What was run.
     *
     * @param model its folder's name
     * @param prompts lengths in tokens
     * @param newTokens tokens generated in a repetition
     * @param threads compute threads
     * @param warmup repetitions of the first prompt before the first round
     * @param rounds in each of which every engine has its turn, with every prompt it gets
     */
    record Settings(String model, List<Integer> prompts, int newTokens, int threads, int warmup, int rounds) {}

    /**
     * One engine.
     *
     * @param ready what it said it runs on
     * @param idleCpu share of one processor that its process used while others had their turn; -1 if unknown
     * @param warmup the repetitions before the first round, in order
     * @param samples the repetitions that count
     * @param summaries by prompt
     */
    record Engine(
            String name,
            String version,
            String weights,
            String ready,
            double idleCpu,
            List<PeerSample> warmup,
            List<PeerSample> samples,
            List<Summary> summaries) {
        String label() {
            return PeerEngine.label(name, version, weights);
        }
    }

    /**
     * Medians and ranges of one engine at one prompt length.
     *
     * @param promptOfFirst the prompt rate over the first engine's in the same round, over the rounds; null without one
     * @param decodeOfFirst the same of the decode rate
     */
    record Summary(int prompt, Spread promptRate, Spread decodeRate, Spread promptOfFirst, Spread decodeOfFirst) {}
}
