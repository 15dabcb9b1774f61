package dev.m1;

import dev.m1.engine.EngineSnapshot;

/**
 * What an open model's engine is doing, as of its last step.
 *
 * @param running sequences that take part in steps
 * @param waiting sequences that wait for a row or for KV blocks
 * @param kvBlocks blocks in the KV pool
 * @param kvBlocksUsed blocks that sequences hold
 * @param steps decoder steps so far
 * @param fedTokens tokens fed through the decoder so far, prefill and decode
 * @param tokensPerSecond fed tokens per second, over about the last second of work
 * @param preemptions how often a sequence had to give its KV blocks back and be computed again
 * @param reusedTokens tokens whose keys and values were taken over from another sequence instead of being fed
 */
public record EngineMetrics(
        int running,
        int waiting,
        int kvBlocks,
        int kvBlocksUsed,
        long steps,
        long fedTokens,
        double tokensPerSecond,
        long preemptions,
        long reusedTokens) {

    static EngineMetrics of(EngineSnapshot s) {
        return new EngineMetrics(
                s.running(),
                s.waiting(),
                s.kvBlocks(),
                s.kvBlocksUsed(),
                s.steps(),
                s.fedTokens(),
                s.tokensPerSecond(),
                s.preemptions(),
                s.reusedTokens());
    }
}
