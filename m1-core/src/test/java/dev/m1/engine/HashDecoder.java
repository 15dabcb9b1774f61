package dev.m1.engine;

import dev.m1.errors.NonFiniteLogitsException;
import dev.m1.spi.Decoder;
import dev.m1.spi.KvGeometry;
import dev.m1.spi.MemoryPlan;
import dev.m1.spi.StepBatch;
import dev.m1.spi.StepResult;
import dev.m1.spi.StepRow;
import java.util.Arrays;

/**
 * A decoder whose "keys and values" are the token ids themselves: the sampled id is a hash of all ids read back through
 * the block table, so that any mistake with blocks, positions or chunks changes the output.
 */
final class HashDecoder implements Decoder {
    static final int VOCAB = 97;

    private final KvGeometry geometry;
    private final int[] pool; // [blocks, blockTokens]
    private final int poison; // a token id that makes logits non-finite, or -1
    volatile long tokens;
    volatile int steps;
    volatile int mostRows;
    volatile long stepNanos;
    volatile RuntimeException failure;
    volatile Error error;
    volatile int copiedBlocks;

    HashDecoder(int blockTokens, int blocks, int poison) {
        geometry = new KvGeometry(blockTokens, blocks, 4L * blockTokens);
        pool = new int[blockTokens * blocks];
        this.poison = poison;
    }

    void write(int block, int slot, int value) {
        pool[block * geometry.blockTokens() + slot] = value;
    }

    int read(int block, int slot) {
        return pool[block * geometry.blockTokens() + slot];
    }

    /** The id this decoder samples after a sequence. */
    static int next(int[] ids, int length) {
        return Math.floorMod(Arrays.hashCode(Arrays.copyOf(ids, length)) * 31, VOCAB);
    }

    @Override
    public KvGeometry kv() {
        return geometry;
    }

    @Override
    public MemoryPlan memory() {
        return new MemoryPlan(0, 4L * pool.length, 0);
    }

    @Override
    public String description() {
        return "hash";
    }

    @Override
    public void copyBlocks(int[] source, int[] destination, int count) {
        int n = geometry.blockTokens();
        copiedBlocks += count;
        for (int i = 0; i < count; i++) {
            System.arraycopy(pool, source[i] * n, pool, destination[i] * n, n);
        }
    }

    @Override
    public void step(StepBatch in, StepResult out) {
        if (failure != null) {
            throw failure;
        }
        if (error != null) {
            throw error;
        }
        for (int r = 0; r < in.size(); r++) {
            refuseUnknownIds(in.row(r), r);
        }
        if (stepNanos > 0) {
            sleep();
        }
        for (int r = 0; r < in.size(); r++) {
            run(in.row(r), r, out);
        }
        tokens += in.tokens();
        steps++;
        mostRows = Math.max(mostRows, in.size());
    }

    private static void refuseUnknownIds(StepRow row, int r) {
        for (int i = 0; i < row.length(); i++) {
            int id = row.ids()[row.offset() + i];
            if (id < 0 || id >= VOCAB) {
                throw new IllegalArgumentException("row " + r + ": id " + id);
            }
        }
    }

    private void run(StepRow row, int r, StepResult out) {
        int n = geometry.blockTokens();
        for (int i = 0; i < row.length(); i++) {
            int position = row.position() + i;
            pool[row.blockTable()[position / n] * n + position % n] = row.ids()[row.offset() + i];
        }
        int[] context = new int[row.contextLength()];
        for (int p = 0; p < context.length; p++) {
            context[p] = pool[row.blockTable()[p / n] * n + p % n];
            if (context[p] == poison && row.wantsLogits()) {
                throw new NonFiniteLogitsException("row " + r);
            }
        }
        int id = next(context, context.length);
        if (row.sampling() != null) {
            out.sampled(r, id);
        }
        if (row.logits() != null) {
            for (int v = 0; v < VOCAB; v++) {
                row.logits()[v] = -Math.floorMod(v - id, VOCAB); // best: id, then id + 1, …
            }
        }
    }

    private void sleep() {
        try {
            Thread.sleep(stepNanos / 1_000_000, (int) (stepNanos % 1_000_000));
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {}
}
