package dev.m1.cpu.kernels;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/**
 * The class that memory of an arena has. Allocated and mapped segments have classes of their own, and the compiler's
 * profile of the code that reads vectors from segments is one for the whole JVM. So it has seen both, and every access
 * in a loop then tells them apart and asks anew whether the segment is still alive. A kernel that compares the class
 * once, before its loops, spares it that: twice the speed in a cache.
 */
final class Segments {
    /** Of {@link Arena#allocate}. */
    private static final Class<?> ALLOCATED = Arena.ofAuto().allocate(1).getClass();

    private Segments() {}

    /** The segment itself, now known to the compiler by its class. */
    static MemorySegment requireAllocated(MemorySegment segment) {
        if (segment.getClass() != ALLOCATED) {
            throw new IllegalStateException(segment.getClass() + " is not " + ALLOCATED + ": memory of no arena");
        }
        return segment;
    }
}
