package dev.m1.spi;

/**
 * Bytes a decoder occupies.
 *
 * @param weightBytes weights as the backend holds them (mapped weights count, although the file cache may own the
 *     pages)
 * @param kvBytes the KV pool
 * @param scratchBytes activations and other working memory
 */
public record MemoryPlan(long weightBytes, long kvBytes, long scratchBytes) {
    /** Sum of all parts, in bytes. */
    public long totalBytes() {
        return weightBytes + kvBytes + scratchBytes;
    }
}
