package dev.m1.cuda.decoder;

import dev.m1.cuda.driver.CudaStream;
import dev.m1.cuda.driver.PinnedBuffer;
import dev.m1.cuda.kernels.AttentionItems;
import dev.m1.cuda.kernels.StepInput;
import dev.m1.spi.KvGeometry;
import dev.m1.spi.StepPlan;
import dev.m1.spi.StepRow;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Writes a step's description into page-locked memory, laid out like its place on the device, and sends it there. */
final class StepUpload {
    private final PinnedBuffer pinned;
    private final StepInput device;
    private final KvGeometry kv;
    private final int slots;
    private final int tileTokens;
    private final Draws draws;

    /**
     * @param pinned of {@link BufferPlan#inputBytes()}
     * @param tileTokens tokens of an item of attention
     */
    StepUpload(PinnedBuffer pinned, BufferPlan plan, StepInput device, KvGeometry kv, int tileTokens) {
        this.pinned = pinned;
        this.device = device;
        this.kv = kv;
        draws = new Draws(pinned, device);
        slots = plan.slots();
        this.tileTokens = tileTokens;
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
        AttentionItems items =
                new AttentionItems(slots, tileTokens, (index, value) -> put(memory, device.items(), index, value));
        for (int r = 0; r < plan.rows(); r++) {
            StepRow row = plan.row(r);
            int blocks = kv.blocksFor(row.contextLength());
            for (int b = 0; b < blocks; b++) {
                put(memory, device.blockTables(), r * device.tableStride() + b, row.blockTable()[b]);
            }
            items.add(plan.lastToken(r) - row.length() + 1, row.length(), row.contextLength());
        }
        put(memory, device.counts(), 0, tokens);
        put(memory, device.counts(), 1, plan.wantedCount());
        put(memory, device.counts(), 2, items.count());
        put(memory, device.counts(), 3, draws.describe(plan));
        put(memory, device.counts(), 4, tops);
        long tablesEnd = device.blockTables() + (long) plan.rows() * device.tableStride() * Integer.BYTES;
        stream.upload(memory, device.counts(), tablesEnd - device.counts());
        long itemsAt = device.items() - device.counts();
        long itemBytes = (long) items.count() * AttentionItems.INTS * Integer.BYTES;
        stream.upload(memory.asSlice(itemsAt), device.items(), itemBytes);
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

    /** Writes an int to where the device will have it at {@code array[index]}. */
    private void put(MemorySegment memory, long array, int index, int value) {
        memory.set(ValueLayout.JAVA_INT, array - device.counts() + (long) index * Integer.BYTES, value);
    }
}
