package dev.m1.engine;

import dev.m1.spi.KvGeometry;

/** Who holds which KV block of the pool. Blocks are reference-counted so that sequences may share them. One thread. */
final class BlockManager {
    private final KvGeometry geometry;
    private final int[] references; // [blocks]
    private final int[] free; // stack of free block ids
    private int freeCount;

    BlockManager(KvGeometry geometry) {
        this.geometry = geometry;
        references = new int[geometry.blocks()];
        free = new int[geometry.blocks()];
        for (int i = geometry.blocks() - 1; i >= 0; i--) {
            free[freeCount++] = i;
        }
    }

    int freeBlocks() {
        return freeCount;
    }

    int totalBlocks() {
        return geometry.blocks();
    }

    int blocksFor(long tokens) {
        return geometry.blocksFor(tokens);
    }

    boolean canAllocate(int blocks) {
        return blocks <= freeCount;
    }

    /** Takes blocks from the pool, each with one reference. */
    int[] allocate(int blocks) {
        if (blocks > freeCount) {
            throw new IllegalStateException("asked for " + blocks + " KV blocks, " + freeCount + " are free");
        }
        int[] table = new int[blocks];
        for (int i = 0; i < blocks; i++) {
            int block = free[--freeCount];
            references[block] = 1;
            table[i] = block;
        }
        return table;
    }

    /** Gives up one reference of each block; a block without references is free again. */
    void release(int[] table) {
        for (int block : table) {
            if (references[block] <= 0) {
                throw new IllegalStateException("KV block " + block + " was released twice");
            }
            if (--references[block] == 0) {
                free[freeCount++] = block;
            }
        }
    }
}
