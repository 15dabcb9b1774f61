package dev.m1.cpu.kernels;

import java.lang.foreign.MemorySegment;

/** How one head's keys and values get into a block of the cache, and out again as floats. */
public class KvStorage {
    private final KvLayout layout;
    private final KvElements elements;

    KvStorage(KvLayout layout, KvElements elements) {
        this.layout = layout;
        this.elements = elements;
    }

    /**
     * Stores a key {@code key[from …]} as the block's token {@code token}; {@code chunk} is the block's key chunk in
     * bytes.
     */
    public final void putKey(MemorySegment pool, long chunk, int token, float[] key, int from) {
        for (int d = 0; d < layout.headDim(); d++) {
            elements.put(pool, chunk, d * KvLayout.BLOCK + token, key[from + d]);
        }
    }

    /**
     * Stores a value {@code value[from …]} as the block's token {@code token}; {@code chunk} is the value chunk in
     * bytes.
     */
    public final void putValue(MemorySegment pool, long chunk, int token, float[] value, int from) {
        for (int d = 0; d < layout.headDim(); d++) {
            elements.put(pool, chunk, token * layout.valueStride() + d, value[from + d]);
        }
    }

    /**
     * All keys of a block, those behind the context too.
     *
     * @param at where {@code [headDim, BLOCK]} is written
     */
    public final void readKeys(MemorySegment pool, long chunk, float[] keys, int at) {
        read(pool, chunk, layout.headDim() * KvLayout.BLOCK, keys, at);
    }

    /**
     * A block's first {@code count} values.
     *
     * @param at where {@code [count, valueStride]} is written
     */
    public final void readValues(MemorySegment pool, long chunk, int count, float[] values, int at) {
        read(pool, chunk, count * layout.valueStride(), values, at);
    }

    /** The first {@code n} elements of a chunk, a multiple of 16. */
    void read(MemorySegment pool, long chunk, int n, float[] to, int at) {
        elements.read(pool, chunk, n, to, at);
    }
}
