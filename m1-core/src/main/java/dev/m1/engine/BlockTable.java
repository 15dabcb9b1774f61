package dev.m1.engine;

import java.util.Arrays;

/** The KV blocks of one sequence, in order: block {@code i} holds positions {@code i * blockTokens …}. */
final class BlockTable {
    private final BlockManager manager;
    private int[] blocks = new int[4];
    private long[] chains = new long[4]; // chain of the prefix up to and with block i, for i < registered
    private int count;
    private int registered; // leading blocks that are full and offered for reuse

    BlockTable(BlockManager manager) {
        this.manager = manager;
    }

    int[] array() {
        return blocks;
    }

    int count() {
        return count;
    }

    /**
     * Takes over the longest cached prefix of {@code ids} that leaves at least one id to feed; returns its length in
     * tokens.
     */
    int reuse(int[] ids, int length) {
        int n = manager.blockTokens();
        while ((count + 1) * n < length) {
            int block = manager.take(lastChain(), ids, count * n);
            if (block < 0) {
                break;
            }
            add(block);
            registered = count;
            chains[count - 1] = manager.chainOf(block);
        }
        return count * n;
    }

    /** Blocks that must be free before positions {@code from … to-1} can be written. */
    int missing(int from, int to) {
        int more = Math.max(0, manager.blocksFor(to) - count);
        return more + (mustCopy(from) ? 1 : 0);
    }

    /** Makes positions {@code from … to-1} writable; a shared block in which {@code from} lies is copied. */
    void prepare(int from, int to, BlockCopies copies) {
        int at = from / manager.blockTokens();
        if (mustCopy(from)) {
            int own = manager.allocate();
            copies.add(blocks[at], own);
            manager.release(blocks[at]);
            blocks[at] = own;
        } else if (at < count) {
            manager.unregister(blocks[at]);
        }
        registered = Math.min(registered, at);
        while (count < manager.blocksFor(to)) {
            add(manager.allocate());
        }
    }

    /** Offers the blocks that are full up to {@code tokens} for reuse. */
    void written(int[] ids, int tokens) {
        int n = manager.blockTokens();
        while ((registered + 1) * n <= tokens) {
            chains[registered] = manager.register(blocks[registered], lastChain(), ids, registered * n);
            registered++;
        }
    }

    /** Keeps what holds the first {@code tokens} positions. */
    void truncate(int tokens) {
        int keep = manager.blocksFor(tokens);
        while (count > keep) {
            manager.release(blocks[--count]);
        }
        registered = Math.min(registered, tokens / manager.blockTokens());
    }

    /** Another table over the same blocks for the first {@code tokens} positions. */
    BlockTable fork(int tokens) {
        BlockTable other = new BlockTable(manager);
        int keep = manager.blocksFor(tokens);
        other.blocks = Arrays.copyOf(blocks, Math.max(4, keep));
        other.chains = Arrays.copyOf(chains, other.blocks.length);
        other.count = keep;
        other.registered = Math.min(registered, tokens / manager.blockTokens());
        for (int i = 0; i < keep; i++) {
            manager.retain(blocks[i]);
        }
        return other;
    }

    private boolean mustCopy(int from) {
        int at = from / manager.blockTokens();
        return at < count && manager.isShared(blocks[at]);
    }

    private long lastChain() {
        return registered == 0 ? BlockManager.ROOT : chains[registered - 1];
    }

    private void add(int block) {
        if (count == blocks.length) {
            blocks = Arrays.copyOf(blocks, count * 2);
            chains = Arrays.copyOf(chains, count * 2);
        }
        blocks[count++] = block;
    }
}
