package dev.m1.cpu.kernels;

import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;

/**
 * Stored weights in panels, with vectors, bit for bit those of {@link PackedScalarKernel}; a panel is as wide as a
 * vector. For offsets see {@link VectorKernels}.
 */
abstract class PackedVectorKernel extends PackedKernel {
    static final int WIDTH = Species.WIDE.length();
    static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;

    @Override
    public final int width() {
        return WIDTH;
    }

    /** Eight sums in registers: with ten the compiler, which loads ahead, already spills on AVX2. */
    @Override
    public final void tile(float[] memory, int unpacked, int blocks, int acts, int totals) {
        FloatVector s00 = FloatVector.zero(Species.WIDE);
        FloatVector s01 = s00;
        FloatVector s02 = s00;
        FloatVector s03 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s12 = s00;
        FloatVector s13 = s00;
        for (int i = 0; i < blocks * PanelMatrix.BLOCK; i++) {
            FloatVector w0 = FloatVector.fromArray(Species.WIDE, memory, unpacked + i * 2 * WIDTH);
            FloatVector w1 = FloatVector.fromArray(Species.WIDE, memory, unpacked + i * 2 * WIDTH + WIDTH);
            FloatVector x = FloatVector.broadcast(Species.WIDE, memory[acts + 4 * i]);
            s00 = w0.fma(x, s00);
            s10 = w1.fma(x, s10);
            x = FloatVector.broadcast(Species.WIDE, memory[acts + 4 * i + 1]);
            s01 = w0.fma(x, s01);
            s11 = w1.fma(x, s11);
            x = FloatVector.broadcast(Species.WIDE, memory[acts + 4 * i + 2]);
            s02 = w0.fma(x, s02);
            s12 = w1.fma(x, s12);
            x = FloatVector.broadcast(Species.WIDE, memory[acts + 4 * i + 3]);
            s03 = w0.fma(x, s03);
            s13 = w1.fma(x, s13);
        }
        FloatVector.fromArray(Species.WIDE, memory, totals).add(s00).intoArray(memory, totals);
        int to = totals + WIDTH;
        FloatVector.fromArray(Species.WIDE, memory, to).add(s01).intoArray(memory, to);
        to += WIDTH;
        FloatVector.fromArray(Species.WIDE, memory, to).add(s02).intoArray(memory, to);
        to += WIDTH;
        FloatVector.fromArray(Species.WIDE, memory, to).add(s03).intoArray(memory, to);
        to += WIDTH;
        FloatVector.fromArray(Species.WIDE, memory, to).add(s10).intoArray(memory, to);
        to += WIDTH;
        FloatVector.fromArray(Species.WIDE, memory, to).add(s11).intoArray(memory, to);
        to += WIDTH;
        FloatVector.fromArray(Species.WIDE, memory, to).add(s12).intoArray(memory, to);
        to += WIDTH;
        FloatVector.fromArray(Species.WIDE, memory, to).add(s13).intoArray(memory, to);
    }
}
