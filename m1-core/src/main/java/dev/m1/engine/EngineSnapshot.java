package dev.m1.engine;

/**
 * What an engine is doing; a snapshot from any thread.
 *
 * @param running sequences that take part in steps
 * @param waiting sequences that wait for a row or for KV blocks
 * @param kvBlocks blocks in the pool
 * @param kvBlocksUsed blocks that sequences hold
 * @param steps decoder steps so far
 * @param fedTokens tokens fed through the decoder so far, prefill and decode
 * @param tokensPerSecond fed tokens per second, over about the last second of work
 * @param preemptions how often a sequence had to give its blocks back
 * @param reusedTokens tokens whose keys and values were taken over from another sequence instead of being fed
 */
public record EngineSnapshot(
        int running,
        int waiting,
        int kvBlocks,
        int kvBlocksUsed,
        long steps,
        long fedTokens,
        double tokensPerSecond,
        long preemptions,
        long reusedTokens) {
    static final EngineSnapshot NONE = new EngineSnapshot(0, 0, 0, 0, 0, 0, 0, 0, 0);
}
