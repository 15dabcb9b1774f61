package dev.m1.spi;

/** For a backend: the check of {@link Decoder#copyBlocks}. */
public final class BlockCopies {
    private BlockCopies() {}

    /**
     * Does nothing if all block numbers are of the pool.
     *
     * @throws IllegalArgumentException naming the first one that is not, and the pool's size
     */
    public static void check(KvGeometry kv, int[] source, int[] destination, int count) {
        for (int i = 0; i < count; i++) {
            check(kv, "source", source[i]);
            check(kv, "destination", destination[i]);
        }
    }

    private static void check(KvGeometry kv, String what, int block) {
        if (block < 0 || block >= kv.blocks()) {
            throw new IllegalArgumentException(
                    what + " block " + block + " is not in [0, " + kv.blocks() + "), the KV pool");
        }
    }
}
