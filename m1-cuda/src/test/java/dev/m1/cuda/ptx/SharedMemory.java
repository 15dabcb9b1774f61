package dev.m1.cuda.ptx;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.LongBinaryOperator;

/**
 * The shared memory of a block, which notices what a GPU does not: reads of what nobody has written, accesses beyond
 * the end, and a write and another access to one word by different warps without a barrier in between.
 */
final class SharedMemory {
    private static final int NOBODY = -1;
    private static final int ATOMICS = -2; // several warps, all of them atomically

    private final ByteBuffer bytes;
    private final boolean[] written; // [bytes]
    private final int[] writer; // [words]: warp that wrote since the last barrier, NOBODY or ATOMICS
    private final int[] readers; // [words]: a bit per warp that read since the last barrier

    SharedMemory(int size) {
        bytes = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        written = new boolean[size];
        writer = new int[(size + 3) / 4];
        readers = new int[writer.length];
        clear();
    }

    /** As a new block finds it. */
    void clear() {
        Arrays.fill(bytes.array(), (byte) 0xff);
        Arrays.fill(written, false);
        barrier();
    }

    /** All warps have come to a barrier. */
    void barrier() {
        Arrays.fill(writer, NOBODY);
        Arrays.fill(readers, 0);
    }

    long read(Warp warp, int lane, long address, int size) {
        int at = bounded(warp, lane, address, size);
        for (int i = at; i < at + size; i++) {
            if (!written[i]) {
                throw warp.wrong(lane, "reads shared memory at " + address + ", which nobody has written");
            }
        }
        for (int word = at / 4; word <= (at + size - 1) / 4; word++) {
            if (writer[word] != NOBODY && writer[word] != warp.index) {
                throw warp.wrong(lane, "reads shared memory at " + address + ", which another warp wrote since the "
                        + "last barrier");
            }
            readers[word] |= 1 << warp.index;
        }
        return get(at, size);
    }

    void write(Warp warp, int lane, long address, int size, long value) {
        int at = bounded(warp, lane, address, size);
        for (int word = at / 4; word <= (at + size - 1) / 4; word++) {
            if ((writer[word] != NOBODY && writer[word] != warp.index)
                    || (readers[word] & ~(1 << warp.index)) != 0) {
                throw warp.wrong(lane, "writes shared memory at " + address + ", which another warp used since the "
                        + "last barrier");
            }
            writer[word] = warp.index;
        }
        put(at, size, value);
    }

    /** Nobody may read this before it is written again: a copy to it has begun. */
    void begin(Warp warp, int lane, long address, int size) {
        for (int i = 0; i < size; i += 8) {
            write(warp, lane, address + i, 8, -1);
        }
        Arrays.fill(written, (int) address, (int) address + size, false);
    }

    long atomic(Warp warp, int lane, long address, PtxType type, LongBinaryOperator operator, long operand) {
        int size = type.bytes();
        int at = bounded(warp, lane, address, size);
        for (int word = at / 4; word <= (at + size - 1) / 4; word++) {
            boolean mine = writer[word] == NOBODY || writer[word] == ATOMICS || writer[word] == warp.index;
            if (!mine || (readers[word] & ~(1 << warp.index)) != 0) {
                throw warp.wrong(lane, "changes shared memory at " + address + ", which another warp used since the "
                        + "last barrier");
            }
            writer[word] = ATOMICS;
        }
        if (!written[at]) {
            throw warp.wrong(lane, "changes shared memory at " + address + ", which nobody has written");
        }
        long before = type.integer(get(at, size));
        put(at, size, operator.applyAsLong(before, operand));
        return before;
    }

    private int bounded(Warp warp, int lane, long address, int size) {
        if (address < 0 || address + size > written.length) {
            throw warp.wrong(lane, size + " bytes at " + address + " of " + written.length + " of shared memory");
        }
        return (int) address;
    }

    private long get(int at, int size) {
        return switch (size) {
            case 1 -> bytes.get(at);
            case 2 -> bytes.getShort(at);
            case 4 -> bytes.getInt(at);
            default -> bytes.getLong(at);
        };
    }

    private void put(int at, int size, long value) {
        switch (size) {
            case 1 -> bytes.put(at, (byte) value);
            case 2 -> bytes.putShort(at, (short) value);
            case 4 -> bytes.putInt(at, (int) value);
            default -> bytes.putLong(at, value);
        }
        Arrays.fill(written, at, at + size, true);
    }
}
