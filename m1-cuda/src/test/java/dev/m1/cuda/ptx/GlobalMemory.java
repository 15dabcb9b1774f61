package dev.m1.cuda.ptx;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.TreeMap;

/** Device memory: allocations at their real addresses. Whoever reaches beside them is named. */
final class GlobalMemory {
    private final TreeMap<Long, MemorySegment> allocations = new TreeMap<>();
    private MemorySegment last = MemorySegment.NULL; // where the last access went: mostly the next goes there too

    void add(MemorySegment allocation) {
        allocations.put(allocation.address(), allocation);
    }

    long read(Warp warp, int lane, long address, int bytes) {
        MemorySegment s = find(warp, lane, address, bytes);
        long at = address - s.address();
        return switch (bytes) {
            case 1 -> s.get(ValueLayout.JAVA_BYTE, at);
            case 2 -> s.get(ValueLayout.JAVA_SHORT_UNALIGNED, at);
            case 4 -> s.get(ValueLayout.JAVA_INT_UNALIGNED, at);
            default -> s.get(ValueLayout.JAVA_LONG_UNALIGNED, at);
        };
    }

    void write(Warp warp, int lane, long address, int bytes, long value) {
        MemorySegment s = find(warp, lane, address, bytes);
        long at = address - s.address();
        switch (bytes) {
            case 1 -> s.set(ValueLayout.JAVA_BYTE, at, (byte) value);
            case 2 -> s.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) value);
            case 4 -> s.set(ValueLayout.JAVA_INT_UNALIGNED, at, (int) value);
            default -> s.set(ValueLayout.JAVA_LONG_UNALIGNED, at, value);
        }
    }

    private MemorySegment find(Warp warp, int lane, long address, int bytes) {
        if (address - last.address() >= 0 && address - last.address() + bytes <= last.byteSize()) {
            return last;
        }
        Map.Entry<Long, MemorySegment> entry = allocations.floorEntry(address);
        if (entry == null) {
            throw warp.wrong(lane, "%d bytes at %#x, below all memory".formatted(bytes, address));
        }
        long at = address - entry.getKey();
        if (at + bytes > entry.getValue().byteSize()) {
            throw warp.wrong(lane, bytes + " bytes at " + at + " of an allocation of "
                    + entry.getValue().byteSize());
        }
        last = entry.getValue();
        return last;
    }
}
