package dev.m1.cpu.kernels;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;

/**
 * A weight matrix rounded to 8 bits. The {@link #BLOCK} neighbouring inputs of a row's block share a scale:
 *
 * <pre>
 *   scale = max(largest |w| of the block / 127, 2^-126)
 *   q     = w / scale, rounded to the nearest integer, ties to even: -127 … 127
 *   w'    = q * scale
 * </pre>
 *
 * all in binary32. {@code |w - w'|} is at most {@code scale * (1/2 + 2^-16)}: half a step, and two roundings of a
 * number below 128 steps. The last block of a row is filled up with zeros. The least scale is the smallest normal
 * number, so a block of zeros needs no case of its own.
 *
 * <p>A panel's lane of 32 bits holds four inputs of its row, whose bytes a mask alone takes apart: the lower three as
 * {@code q + 128}, which is positive where it stands, the highest as {@code q}. What the 128 add to a product
 * depends on the activations only; {@link Q8Kernel} subtracts it.
 *
 * <p>In step {@code j} of a block's eight stand inputs {@code 2j, 2j + 1, 16 + 2j, 17 + 2j}, lowest byte first,
 * which is how rows in the slot order of {@link Lanes} are packed without a shuffle. Scales are kept apart: steps
 * then begin at multiples of a vector and no load straddles a cache line.
 */
public final class Q8Matrix extends PanelMatrix {
    /** 32-bit lanes of a row's block. */
    static final int STEPS = BLOCK / 4;

    static final float LARGEST = 127; // integer of the largest weight
    static final float LEAST_SCALE = Float.MIN_NORMAL;
    static final int EXCESS = 128; // of the lower three bytes of a lane
    static final int EXCESSES = 0x808080; // of a whole lane, to be flipped
    private static final long ALIGNMENT = 64; // a cache line

    final MemorySegment quants; // bytes [panels, blocks, STEPS, width, 4]
    final MemorySegment scales; // floats [panels, blocks, width]

    /**
     * A matrix to be filled by {@link Q8Rows}.
     *
     * @param width rows of a panel, see {@link Q8Kernel#width}
     */
    Q8Matrix(int outputs, int inputs, int width, SegmentAllocator memory) {
        super(outputs, inputs, width);
        quants = memory.allocate((long) panels() * width * blocks * BLOCK, ALIGNMENT);
        scales = memory.allocate((long) panels() * width * blocks * Float.BYTES, ALIGNMENT);
    }

    /** Bytes of a matrix of this shape. */
    static long bytes(int outputs, int inputs, int width) {
        return (long) panels(outputs, width) * width * blocks(inputs) * (BLOCK + Float.BYTES);
    }

    /** Where the bytes of a block of a panel begin. */
    long quants(int panel, int block) {
        return ((long) panel * blocks + block) * BLOCK * width;
    }

    /** Where the scales of a block of a panel begin, in bytes. */
    long scales(int panel, int block) {
        return ((long) panel * blocks + block) * Float.BYTES * width;
    }

    /** The integer of a weight. */
    int quant(int output, int input) {
        int byteOfLane = byteOfLane(input);
        long lane = quants(output / width, input / BLOCK) + 4L * (step(input) * width + output % width);
        int bits = quants.get(ValueLayout.JAVA_BYTE, lane + byteOfLane);
        return byteOfLane == 3 ? bits : (bits & 0xff) - EXCESS;
    }

    float scale(int output, int input) {
        return scales.get(
                TensorReader.FLOAT, scales(output / width, input / BLOCK) + (long) output % width * Float.BYTES);
    }

    /** The step of its block that an input belongs to. */
    static int step(int input) {
        return input % Lanes.COUNT / 2;
    }

    /** Which byte of its lane an input is. */
    static int byteOfLane(int input) {
        return input % 2 + input % BLOCK / Lanes.COUNT * 2;
    }

    /** The input of a block that is a certain byte of a step's lane. */
    static int input(int step, int byteOfLane) {
        return 2 * step + byteOfLane % 2 + byteOfLane / 2 * Lanes.COUNT;
    }
}
