package dev.m1.spi;

/**
 * The KV pool a decoder has after loading.
 *
 * @param blockTokens tokens in one block
 * @param blocks blocks in the pool; ids are {@code 0 … blocks-1}
 * @param bytesPerBlock bytes of one block over all layers, keys and values
 */
public record KvGeometry(int blockTokens, int blocks, long bytesPerBlock) {
    /** Blocks that hold this many tokens. */
    public int blocksFor(long tokens) {
        return Math.toIntExact((tokens + blockTokens - 1) / blockTokens);
    }
}
