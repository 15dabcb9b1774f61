package dev.m1.cpu.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** For panels of bfloat16: a shift gives the lower input of a word, a mask the upper one. */
final class Bf16PanelVectorKernel extends PackedVectorKernel {
    private static final int UPPER = 0xffff0000;
    private static final int PAIRS = CHUNK / 2; // words of a sum

    @Override
    public void four(PackedMatrix matrix, int panel, int apart, float[] memory, int acts, int totals) {
        MemorySegment words = Segments.requireAllocated(matrix.words);
        long start = matrix.words(panel, 0);
        long step = matrix.words(apart, 0);
        int pairs = matrix.blocks * PanelMatrix.BLOCK / 2;
        for (int i = totals; i < totals + 4 * WIDTH; i += WIDTH) {
            FloatVector.zero(Species.WIDE).intoArray(memory, i);
        }
        for (int from = 0; from < pairs; from += PAIRS) {
            int count = Math.min(PAIRS, pairs - from);
            int a = acts + 2 * from;
            FloatVector s0 = FloatVector.zero(Species.WIDE);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            for (int k = 0; k < count; k++) {
                long at = start + (long) (from + k) * (WIDTH * Integer.BYTES);
                FloatVector x0 = FloatVector.broadcast(Species.WIDE, memory[a + 2 * k]);
                FloatVector x1 = FloatVector.broadcast(Species.WIDE, memory[a + 2 * k + 1]);
                IntVector w = IntVector.fromMemorySegment(Species.WIDE_INTS, words, at, ORDER);
                s0 = w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(x0, s0);
                s0 = w.and(UPPER).reinterpretAsFloats().fma(x1, s0);
                w = IntVector.fromMemorySegment(Species.WIDE_INTS, words, at + step, ORDER);
                s1 = w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(x0, s1);
                s1 = w.and(UPPER).reinterpretAsFloats().fma(x1, s1);
                w = IntVector.fromMemorySegment(Species.WIDE_INTS, words, at + 2 * step, ORDER);
                s2 = w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(x0, s2);
                s2 = w.and(UPPER).reinterpretAsFloats().fma(x1, s2);
                w = IntVector.fromMemorySegment(Species.WIDE_INTS, words, at + 3 * step, ORDER);
                s3 = w.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(x0, s3);
                s3 = w.and(UPPER).reinterpretAsFloats().fma(x1, s3);
            }
            FloatVector.fromArray(Species.WIDE, memory, totals).add(s0).intoArray(memory, totals);
            FloatVector.fromArray(Species.WIDE, memory, totals + WIDTH).add(s1).intoArray(memory, totals + WIDTH);
            FloatVector.fromArray(Species.WIDE, memory, totals + 2 * WIDTH)
                    .add(s2)
                    .intoArray(memory, totals + 2 * WIDTH);
            FloatVector.fromArray(Species.WIDE, memory, totals + 3 * WIDTH)
                    .add(s3)
                    .intoArray(memory, totals + 3 * WIDTH);
        }
    }

    @Override
    public void unpack(
            PackedMatrix matrix, int panel, int second, int firstBlock, int blocks, float[] memory, int to) {
        MemorySegment words = Segments.requireAllocated(matrix.words);
        int from = firstBlock * PanelMatrix.BLOCK / 2;
        long start = matrix.words(panel, 0);
        long step = matrix.words(second, 0) - start;
        for (int k = 0; k < blocks * PanelMatrix.BLOCK / 2; k++) {
            long at = start + (long) (from + k) * (WIDTH * Integer.BYTES);
            int p = to + k * 4 * WIDTH;
            IntVector w0 = IntVector.fromMemorySegment(Species.WIDE_INTS, words, at, ORDER);
            IntVector w1 = IntVector.fromMemorySegment(Species.WIDE_INTS, words, at + step, ORDER);
            w0.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(memory, p);
            w1.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(memory, p + WIDTH);
            w0.and(UPPER).reinterpretAsFloats().intoArray(memory, p + 2 * WIDTH);
            w1.and(UPPER).reinterpretAsFloats().intoArray(memory, p + 3 * WIDTH);
        }
    }
}
