package dev.m1.cpu;

import dev.m1.cpu.kernels.KvLayout;
import dev.m1.spi.KvGeometry;
import dev.m1.spi.Limits;
import dev.m1.spi.ModelSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The paged KV pool, outside the Java heap: {@code [blocks, layers, kvHeads, (keys, values)]}, so that all of a block
 * is contiguous and copying one is a single move. {@link KvLayout} says how one head's keys and values lie.
 */
final class KvCache implements AutoCloseable {
    private static final long ALIGNMENT = 64; // a cache line

    private final KvLayout layout;
    private final KvGeometry geometry;
    private final long headBytes;
    private final long layerBytes;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment pool;

    KvCache(ModelSpec spec, Limits limits) {
        layout = KvLayout.of(spec.headDim(), limits.kvType());
        geometry = geometry(spec, limits);
        headBytes = layout.keyBytes() + layout.valueBytes();
        layerBytes = headBytes * spec.kvHeads();
        try {
            pool = arena.allocate(geometry.blocks() * geometry.bytesPerBlock(), ALIGNMENT);
        } catch (OutOfMemoryError e) {
            arena.close();
            throw e;
        }
    }

    static KvGeometry geometry(ModelSpec spec, Limits limits) {
        KvLayout layout = KvLayout.of(spec.headDim(), limits.kvType());
        long bytes = (layout.keyBytes() + layout.valueBytes()) * spec.kvHeads() * spec.layers();
        long blocks = (limits.kvTokens() + KvLayout.BLOCK - 1) / KvLayout.BLOCK;
        return new KvGeometry(KvLayout.BLOCK, Math.toIntExact(blocks), bytes);
    }

    KvGeometry geometry() {
        return geometry;
    }

    KvLayout layout() {
        return layout;
    }

    /** All of it; zero at first. */
    MemorySegment pool() {
        return pool;
    }

    /** Byte offset of a head's keys in a block. */
    long keys(int block, int layer, int kvHead) {
        return block * geometry.bytesPerBlock() + layer * layerBytes + kvHead * headBytes;
    }

    /** Byte offset of a head's values in a block. */
    long values(int block, int layer, int kvHead) {
        return keys(block, layer, kvHead) + layout.keyBytes();
    }

    void copy(int source, int destination) {
        long bytes = geometry.bytesPerBlock();
        MemorySegment.copy(pool, source * bytes, pool, destination * bytes, bytes);
    }

    @Override
    public void close() {
        arena.close();
    }
}
