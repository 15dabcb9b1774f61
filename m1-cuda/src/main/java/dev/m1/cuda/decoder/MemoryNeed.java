package dev.m1.cuda.decoder;

import dev.m1.cuda.driver.CudaContext;
import dev.m1.cuda.kernels.KvPool;
import dev.m1.errors.BackendException;
import dev.m1.spi.KvGeometry;
import dev.m1.spi.Limits;
import dev.m1.spi.MemoryPlan;
import dev.m1.spi.ModelSpec;
import java.util.Locale;

/** What a model takes on the device, computed before anything is allocated. */
final class MemoryNeed {
    private MemoryNeed() {}

    /** The KV pool for these limits. */
    static KvGeometry geometry(ModelSpec spec, Limits limits) {
        long blocks = Math.ceilDiv(limits.kvTokens(), KvPool.PAGE_TOKENS);
        if (blocks > Integer.MAX_VALUE) {
            throw new BackendException("cuda: a KV pool of " + limits.kvTokens() + " tokens has " + blocks
                    + " blocks, at most " + Integer.MAX_VALUE + " can be numbered");
        }
        KvPool pool = new KvPool(0, spec.layers(), spec.kvHeads(), spec.headDim(), limits.kvType());
        return new KvGeometry(KvPool.PAGE_TOKENS, (int) blocks, pool.pageBytes());
    }

    static MemoryPlan plan(PackedModel model, BufferPlan buffers, KvGeometry kv) {
        if (kv.blocks() > Long.MAX_VALUE / 4 / kv.bytesPerBlock()) {
            throw new BackendException("cuda: a KV pool of " + kv.blocks() + " blocks of " + kv.bytesPerBlock()
                    + " bytes is more than 2^61 bytes");
        }
        return new MemoryPlan(model.bytes(), kv.blocks() * kv.bytesPerBlock(), buffers.bytes());
    }

    /**
     * Refuses what cannot fit.
     *
     * @throws BackendException with what is needed and what is free
     */
    static void check(MemoryPlan plan, CudaContext context) {
        long free = context.freeBytes();
        if (plan.totalBytes() > free) {
            throw new BackendException("cuda: needs " + text(plan.totalBytes()) + " (weights "
                    + text(plan.weightBytes()) + ", KV cache " + text(plan.kvBytes()) + ", working memory "
                    + text(plan.scratchBytes()) + "), " + text(free) + " are free on " + context.device());
        }
    }

    private static String text(long bytes) {
        return bytes < 10L << 20
                ? bytes + " bytes"
                : String.format(Locale.ROOT, "%.2f GiB", bytes / (double) (1 << 30));
    }
}
