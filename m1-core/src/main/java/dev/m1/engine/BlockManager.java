package dev.m1.engine;

import dev.m1.spi.KvGeometry;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/**
 * Who holds which KV block of the pool. Blocks are reference-counted, so that sequences may share them; a full block
 * can be registered under its content, so that a later sequence with the same prefix finds it, even after its last
 * holder let go of it, until the space is needed. Used by one thread.
 */
final class BlockManager {
    /** Chain of an empty prefix. */
    static final long ROOT = 0;

    private static final int NONE = -1;

    private final KvGeometry geometry;
    private final int[] references; // [blocks]
    private final long[]
            chain; // [blocks], identity of the prefix that ends with a registered block, 0 if not registered
    private final Key[] keys; // [blocks], what a registered block is found by
    private final Map<Key, Integer> registered = new HashMap<>();
    private long nextChain = 1;

    // Blocks without references, as a doubly linked list from the one to be taken next to the one used last.
    private final int[] next; // [blocks + 1], the last element is the list's head
    private final int[] previous; // [blocks + 1]
    private int free;

    /** A full block's content after a given prefix. */
    private record Key(long parent, int[] tokens) {
        @Override
        public boolean equals(Object other) {
            return other instanceof Key k && k.parent == parent && Arrays.equals(k.tokens, tokens);
        }

        @Override
        public int hashCode() {
            return Long.hashCode(parent) * 31 + Arrays.hashCode(tokens);
        }
    }

    BlockManager(KvGeometry geometry) {
        this.geometry = geometry;
        int n = geometry.blocks();
        references = new int[n];
        chain = new long[n];
        keys = new Key[n];
        next = new int[n + 1];
        previous = new int[n + 1];
        next[n] = n;
        previous[n] = n;
        for (int i = 0; i < n; i++) {
            addFree(i, true);
        }
    }

    int blockTokens() {
        return geometry.blockTokens();
    }

    int totalBlocks() {
        return geometry.blocks();
    }

    /** Blocks nobody holds; those of them that are registered are given up when they are needed. */
    int freeBlocks() {
        return free;
    }

    int blocksFor(long tokens) {
        return geometry.blocksFor(tokens);
    }

    /** Takes a block, with one reference and no content. */
    int allocate() {
        int block = next[geometry.blocks()];
        if (block == geometry.blocks()) {
            throw new IllegalStateException("all " + geometry.blocks() + " KV blocks are in use");
        }
        removeFree(block);
        unregister(block);
        references[block] = 1;
        return block;
    }

    /** Adds a reference to a block that has some. */
    void retain(int block) {
        if (references[block] <= 0) {
            throw new IllegalStateException("KV block " + block + " is not held by anybody");
        }
        references[block]++;
    }

    /** Gives up a reference. */
    void release(int block) {
        if (references[block] <= 0) {
            throw new IllegalStateException("KV block " + block + " was released twice");
        }
        if (--references[block] == 0) {
            addFree(block, chain[block] != 0);
        }
    }

    /** True if more than one sequence holds the block, so that nobody may write to it. */
    boolean isShared(int block) {
        return references[block] > 1;
    }

    int references(int block) {
        return references[block];
    }

    /** The registered block with these tokens after this prefix, with a reference added; -1 if there is none. */
    int take(long parent, int[] ids, int offset) {
        Integer block = registered.get(key(parent, ids, offset));
        if (block == null) {
            return NONE;
        }
        if (references[block]++ == 0) {
            removeFree(block);
        }
        return block;
    }

    /** Chain of a registered block. */
    long chainOf(int block) {
        return chain[block];
    }

    /**
     * Registers a full block that was just computed; returns the chain of the prefix that ends with it. If another
     * block with that content is registered already, this one stays private and the chain is the other's.
     */
    long register(int block, long parent, int[] ids, int offset) {
        Key key = key(parent, ids, offset);
        Integer other = registered.putIfAbsent(key, block);
        if (other != null) {
            return chain[other];
        }
        keys[block] = key;
        chain[block] = nextChain++;
        return chain[block];
    }

    /** The block's content is about to change. */
    void unregister(int block) {
        if (chain[block] != 0) {
            registered.remove(keys[block]);
            keys[block] = null;
            chain[block] = 0;
        }
    }

    private Key key(long parent, int[] ids, int offset) {
        return new Key(parent, Arrays.copyOfRange(ids, offset, offset + geometry.blockTokens()));
    }

    /** Worthless blocks are taken first, registered ones in the order of their last use. */
    private void addFree(int block, boolean last) {
        int head = geometry.blocks();
        int before = last ? previous[head] : head;
        int after = next[before];
        next[before] = block;
        previous[block] = before;
        next[block] = after;
        previous[after] = block;
        free++;
    }

    private void removeFree(int block) {
        next[previous[block]] = next[block];
        previous[next[block]] = previous[block];
        free--;
    }
}
