package dev.m1.cpu.kernels;

import java.nio.ByteOrder;

/** Stored weights in panels, with vectors, bit for bit those of {@link PackedScalarKernel}. */
abstract class PackedVectorKernel extends PackedKernel {
    static final int LENGTH = Species.WIDE.length();
    static final int WIDTH = 2 * LENGTH;
    static final int NEVER = -1; // as bits of weights: one or two that are no numbers
    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    @Override
    public final int width() {
        return WIDTH;
    }
}
