package dev.m1.cuda.decoder;

import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.PinnedBuffer;
import dev.m1.cuda.kernels.Attention;
import dev.m1.cuda.kernels.StepInput;
import dev.m1.spi.KvGeometry;
import dev.m1.spi.ModelSpec;
import dev.m1.spi.StepPlan;
import dev.m1.spi.StepRow;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Writes a step's description into page-locked memory, laid out like its place on the device, and sends it there. */
final class StepUpload {
    private static final int ITEM = 4; // ints

    private final PinnedBuffer pinned;
    private final StepInput device;
    private final KvGeometry kv;
    private final int slots;
    private final int tileTokens;
    private final Draws draws;
    private int items;
    private int usedSlots;

    /**
     * @param pinned of {@link BufferPlan#inputBytes()}
     */
    StepUpload(PinnedBuffer pinned, BufferPlan plan, StepInput device, ModelSpec spec, KvGeometry kv) {
        this.pinned = pinned;
        this.device = device;
        this.kv = kv;
        draws = new Draws(pinned, device);
        slots = plan.slots();
        tileTokens = Attention.tileTokens(spec.heads(), spec.kvHeads());
    }

    /** Sends a step ahead of the work that reads it. */
    void send(StepPlan plan, CudaStream stream) {
        MemorySegment memory = pinned.memory();
        int tokens = plan.tokens();
        for (int t = 0; t < tokens; t++) {
            put(memory, device.ids(), t, plan.id(t));
            put(memory, device.positions(), t, plan.position(t));
            put(memory, device.tokenRow(), t, plan.rowIndex(t));
        }
        int tops = wishes(plan, memory);
        items = 0;
        usedSlots = 0;
        for (int r = 0; r < plan.rows(); r++) {
            StepRow row = plan.row(r);
            int blocks = kv.blocksFor(row.contextLength());
            for (int b = 0; b < blocks; b++) {
                put(memory, device.blockTables(), r * device.tableStride() + b, row.blockTable()[b]);
            }
            share(memory, row, plan.lastToken(r) - row.length() + 1);
        }
        put(memory, device.counts(), 0, tokens);
        put(memory, device.counts(), 1, plan.wantedCount());
        put(memory, device.counts(), 2, items);
        put(memory, device.counts(), 3, draws.describe(plan));
        put(memory, device.counts(), 4, tops);
        long tablesEnd = device.blockTables() + (long) plan.rows() * device.tableStride() * Integer.BYTES;
        stream.upload(memory, device.counts(), tablesEnd - device.counts());
        long itemsAt = device.items() - device.counts();
        stream.upload(memory.asSlice(itemsAt), device.items(), (long) items * ITEM * Integer.BYTES);
        draws.send(stream);
    }

    /** Which tokens logits are wanted of, and of which the likeliest ids; returns the number of these. */
    private int wishes(StepPlan plan, MemorySegment memory) {
        int tops = 0;
        for (int i = 0; i < plan.wantedCount(); i++) {
            put(memory, device.wanted(), i, plan.wantedToken(i));
            int top = plan.row(plan.wanted(i)).topLogprobs();
            if (top > 0) {
                put(memory, device.tops(), 2 * tops, i);
                put(memory, device.tops(), 2 * tops + 1, top);
                tops++;
            }
        }
        return tops;
    }

    /** A row's attention: a long context of one token over many blocks, anything else in tiles of tokens. */
    private void share(MemorySegment memory, StepRow row, int firstToken) {
        int splits = Math.ceilDiv(row.contextLength(), Attention.SPLIT);
        if (row.length() == 1 && splits > 1 && usedSlots + splits <= slots) {
            for (int s = 0; s < splits; s++) {
                item(memory, firstToken, 1, s);
            }
            usedSlots += splits;
            return;
        }
        for (int t = 0; t < row.length(); t += tileTokens) {
            item(memory, firstToken + t, Math.min(tileTokens, row.length() - t), -1);
        }
    }

    private void item(MemorySegment memory, int token, int tokens, int split) {
        int at = items++ * ITEM;
        put(memory, device.items(), at, token);
        put(memory, device.items(), at + 1, tokens);
        put(memory, device.items(), at + 2, split);
        put(memory, device.items(), at + 3, usedSlots);
    }

    /** Writes an int to where the device will have it at {@code array[index]}. */
    private void put(MemorySegment memory, long array, int index, int value) {
        memory.set(ValueLayout.JAVA_INT, array - device.counts() + (long) index * Integer.BYTES, value);
    }
}
