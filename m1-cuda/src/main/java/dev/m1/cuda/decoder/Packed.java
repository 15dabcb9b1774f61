package dev.m1.cuda.decoder;

import java.lang.foreign.MemorySegment;

/** Something that has a place in the weight arena. */
interface Packed {
    /** Offset in the arena, in bytes. */
    long offset();

    /** Rows it is written in. */
    int rows();

    /** Bytes of a row, its padding included. */
    long rowBytes();

    /** Writes one row; the memory is zero before. May be called by several threads, a row each. */
    void write(int row, MemorySegment to);
}
