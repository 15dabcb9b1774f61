package dev.m1.cpu.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;

/**
 * A weight matrix rounded to 8 bits. {@link #BLOCK} neighbouring inputs of a row share a scale:
 *
 * <pre>
 *   scale = max(largest |w| of the block / 127, 2^-126)
 *   q     = w / scale, rounded to the nearest integer, ties to even: -127 … 127
 *   w'    = q * scale, which is what products use
 * </pre>
 *
 * all in binary32. {@code |w - w'|} is at most {@code scale * (1/2 + 2^-16)}: half a step, and two roundings of a
 * number below 128 steps. The last block of a row is filled up with zeros. The least scale is the smallest normal
 * number, so a block of zeros needs no case of its own.
 *
 * <p>The integers of a block lie in the order in which a vector of eight 32-bit lanes takes them apart: lane {@code j}
 * holds inputs {@code 2j, 2j + 1, 16 + 2j, 17 + 2j}, lowest byte first, so that shifts give whole slots of
 * {@link Lanes}. Scales are kept apart: blocks then begin at multiples of 32 bytes and no load straddles a cache line.
 */
public final class Q8Matrix {
    /** Inputs that share a scale. */
    static final int BLOCK = 32;

    static final float STEPS = 127; // of the largest weight
    static final float LEAST_SCALE = Float.MIN_NORMAL;
    private static final long ALIGNMENT = 64; // a cache line

    final int outputs;
    final int inputs;
    final int blocks; // of a row
    final MemorySegment quants; // bytes [outputs, blocks, 32]
    final MemorySegment scales; // floats [outputs, blocks]

    /** A matrix to be filled by {@link Kernels#quantize}. */
    public Q8Matrix(int outputs, int inputs, SegmentAllocator memory) {
        this.outputs = outputs;
        this.inputs = inputs;
        blocks = blocks(inputs);
        quants = memory.allocate((long) outputs * blocks * BLOCK, ALIGNMENT);
        scales = memory.allocate((long) outputs * blocks * Float.BYTES, ALIGNMENT);
    }

    private static int blocks(int inputs) {
        return (int) (((long) inputs + BLOCK - 1) / BLOCK);
    }

    /** Bytes of a matrix of this shape. */
    public static long bytes(int outputs, int inputs) {
        return (long) outputs * blocks(inputs) * (BLOCK + Float.BYTES);
    }

    /** Floats of a row in slot order, filled up to whole blocks. */
    public static int slots(int inputs) {
        return Math.multiplyExact(blocks(inputs), BLOCK);
    }

    /** Where an input's integer lies in its row, in bytes. */
    static int position(int input) {
        int i = input % BLOCK;
        return input - i + 4 * (i % Lanes.COUNT / 2) + i % 2 + i / Lanes.COUNT * 2;
    }

    /** The input whose float lies at an index of a row in slot order, the inverse of {@link Lanes#spread}. */
    static int input(int slot) {
        int i = slot % Lanes.COUNT;
        return slot - i + (i < 8 ? 2 * i : 2 * i - 15);
    }
}
