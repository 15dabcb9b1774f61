package dev.m1.cpu;

import dev.m1.cpu.kernels.KvLayout;
import dev.m1.spi.KvGeometry;
import dev.m1.spi.Limits;
import dev.m1.spi.ModelSpec;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The paged KV pool, outside the Java heap: {@code [layers, kvHeads, (keys, values), blocks]}. A sequence that got its
 * blocks one after another has a head's keys in one piece, and so its values, which the processor reads ahead; with all
 * of a block in one piece it would start anew, in other pages, every 32 tokens. {@link KvLayout} says how one head's
 * keys and values lie in a block.
 */
final class KvCache implements AutoCloseable {
    private static final long ALIGNMENT = 64; // a cache line

    private final KvLayout layout;
    private final KvGeometry geometry;
    private final int layers;
    private final int kvHeads;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment pool;

    KvCache(ModelSpec spec, Limits limits) {
        layout = KvLayout.of(spec.headDim(), limits.kvType());
        geometry = geometry(spec, limits);
        layers = spec.layers();
        kvHeads = spec.kvHeads();
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
        return head(layer, kvHead) + block * layout.keyBytes();
    }

    /** Byte offset of a head's values in a block. */
    long values(int block, int layer, int kvHead) {
        return head(layer, kvHead) + geometry.blocks() * layout.keyBytes() + block * layout.valueBytes();
    }

    private long head(int layer, int kvHead) {
        return ((long) layer * kvHeads + kvHead) * geometry.blocks() * (layout.keyBytes() + layout.valueBytes());
    }

    void copy(int source, int destination) {
        for (int layer = 0; layer < layers; layer++) {
            for (int h = 0; h < kvHeads; h++) {
                copy(keys(source, layer, h), keys(destination, layer, h), layout.keyBytes());
                copy(values(source, layer, h), values(destination, layer, h), layout.valueBytes());
            }
        }
    }

    private void copy(long source, long destination, long bytes) {
        MemorySegment.copy(pool, source, pool, destination, bytes);
    }

    @Override
    public void close() {
        arena.close();
    }
}
