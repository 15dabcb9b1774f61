package dev.m1.cpu.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** For panels of floats. */
final class F32PanelVectorKernel extends PackedVectorKernel {
    @Override
    public void four(PackedMatrix matrix, int panel, int apart, float[] memory, int acts, int totals) {
        MemorySegment words = Segments.requireAllocated(matrix.words);
        long start = matrix.words(panel, 0);
        long step = matrix.words(apart, 0);
        int inputs = matrix.blocks * PanelMatrix.BLOCK;
        for (int i = totals; i < totals + 4 * WIDTH; i += WIDTH) {
            FloatVector.zero(Species.WIDE).intoArray(memory, i);
        }
        for (int from = 0; from < inputs; from += CHUNK) {
            int count = Math.min(CHUNK, inputs - from);
            int a = acts + from;
            FloatVector s0 = FloatVector.zero(Species.WIDE);
            FloatVector s1 = s0;
            FloatVector s2 = s0;
            FloatVector s3 = s0;
            for (int k = 0; k < count; k++) {
                long at = start + (long) (from + k) * (WIDTH * Float.BYTES);
                FloatVector x = FloatVector.broadcast(Species.WIDE, memory[a + k]);
                s0 = FloatVector.fromMemorySegment(Species.WIDE, words, at, ORDER).fma(x, s0);
                s1 = FloatVector.fromMemorySegment(Species.WIDE, words, at + step, ORDER)
                        .fma(x, s1);
                s2 = FloatVector.fromMemorySegment(Species.WIDE, words, at + 2 * step, ORDER)
                        .fma(x, s2);
                s3 = FloatVector.fromMemorySegment(Species.WIDE, words, at + 3 * step, ORDER)
                        .fma(x, s3);
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
        int from = firstBlock * PanelMatrix.BLOCK;
        long start = matrix.words(panel, 0);
        long step = matrix.words(second, 0) - start;
        for (int k = 0; k < blocks * PanelMatrix.BLOCK; k++) {
            long at = start + (long) (from + k) * (WIDTH * Float.BYTES);
            int p = to + k * 2 * WIDTH;
            FloatVector.fromMemorySegment(Species.WIDE, words, at, ORDER).intoArray(memory, p);
            FloatVector.fromMemorySegment(Species.WIDE, words, at + step, ORDER).intoArray(memory, p + WIDTH);
        }
    }
}
