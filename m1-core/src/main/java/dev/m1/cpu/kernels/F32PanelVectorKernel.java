package dev.m1.cpu.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;

/** For panels of floats. For offsets see {@link VectorKernels}. */
final class F32PanelVectorKernel extends PackedVectorKernel {
    private static final long UPPER = LENGTH * Float.BYTES; // bytes to the second half of a panel's rows

    @Override
    public void four(PackedMatrix matrix, int panel, int apart, LinearScratch scratch) {
        MemorySegment words = Segments.requireAllocated(matrix.words);
        float[] memory = scratch.memory;
        long start = matrix.words(panel, 0);
        long step = matrix.words(apart, 0);
        int inputs = matrix.blocks * PanelMatrix.BLOCK;
        for (int i = 0; i < 4 * WIDTH; i += LENGTH) {
            FloatVector.zero(Species.WIDE).intoArray(memory, scratch.lanes + i);
        }
        for (int from = 0; from < inputs; from += CHUNK) {
            int count = Math.min(CHUNK, inputs - from);
            int a = scratch.acts + from;
            FloatVector s00 = FloatVector.zero(Species.WIDE);
            FloatVector s01 = s00;
            FloatVector s10 = s00;
            FloatVector s11 = s00;
            FloatVector s20 = s00;
            FloatVector s21 = s00;
            FloatVector s30 = s00;
            FloatVector s31 = s00;
            for (int k = 0; k < count; k++) {
                FloatVector x = FloatVector.broadcast(Species.WIDE, memory[a + k]);
                long at = start + (long) (from + k) * (WIDTH * Float.BYTES);
                s00 = FloatVector.fromMemorySegment(Species.WIDE, words, at, ORDER).fma(x, s00);
                s01 = FloatVector.fromMemorySegment(Species.WIDE, words, at + UPPER, ORDER).fma(x, s01);
                s10 = FloatVector.fromMemorySegment(Species.WIDE, words, at + step, ORDER).fma(x, s10);
                s11 = FloatVector.fromMemorySegment(Species.WIDE, words, at + step + UPPER, ORDER).fma(x, s11);
                s20 = FloatVector.fromMemorySegment(Species.WIDE, words, at + 2 * step, ORDER).fma(x, s20);
                s21 = FloatVector.fromMemorySegment(Species.WIDE, words, at + 2 * step + UPPER, ORDER).fma(x, s21);
                s30 = FloatVector.fromMemorySegment(Species.WIDE, words, at + 3 * step, ORDER).fma(x, s30);
                s31 = FloatVector.fromMemorySegment(Species.WIDE, words, at + 3 * step + UPPER, ORDER).fma(x, s31);
            }
            int to = scratch.lanes;
            FloatVector.fromArray(Species.WIDE, memory, to).add(s00).intoArray(memory, to);
            to += LENGTH;
            FloatVector.fromArray(Species.WIDE, memory, to).add(s01).intoArray(memory, to);
            to += LENGTH;
            FloatVector.fromArray(Species.WIDE, memory, to).add(s10).intoArray(memory, to);
            to += LENGTH;
            FloatVector.fromArray(Species.WIDE, memory, to).add(s11).intoArray(memory, to);
            to += LENGTH;
            FloatVector.fromArray(Species.WIDE, memory, to).add(s20).intoArray(memory, to);
            to += LENGTH;
            FloatVector.fromArray(Species.WIDE, memory, to).add(s21).intoArray(memory, to);
            to += LENGTH;
            FloatVector.fromArray(Species.WIDE, memory, to).add(s30).intoArray(memory, to);
            to += LENGTH;
            FloatVector.fromArray(Species.WIDE, memory, to).add(s31).intoArray(memory, to);
        }
    }

    /**
     * Eight sums in registers: with ten the compiler, which loads ahead, already spills on AVX2. The loop is long
     * enough for offsets that are linear in its counter; that counts activations, so that all addresses are a register
     * and a multiple of it. A comparison is the touch that takes no register; no weight is {@link #NEVER}.
     */
    @Override
    void tile(PackedMatrix matrix, long start, int blocks, LinearScratch scratch, int acts, int totals, long ahead) {
        float[] memory = scratch.memory;
        MemorySegment words = Segments.requireAllocated(matrix.words);
        FloatVector s00 = FloatVector.zero(Species.WIDE);
        FloatVector s01 = s00;
        FloatVector s10 = s00;
        FloatVector s11 = s00;
        FloatVector s20 = s00;
        FloatVector s21 = s00;
        FloatVector s30 = s00;
        FloatVector s31 = s00;
        int touched = 0;
        for (int i = 0; i < 4 * blocks * PanelMatrix.BLOCK; i += 4) {
            if (words.get(PackedMatrix.WORD, ahead + (long) i * LENGTH) == NEVER) {
                touched++;
            }
            long at = start + (long) i * WIDTH;
            FloatVector w0 = FloatVector.fromMemorySegment(Species.WIDE, words, at, ORDER);
            FloatVector w1 = FloatVector.fromMemorySegment(Species.WIDE, words, at + UPPER, ORDER);
            FloatVector x = FloatVector.broadcast(Species.WIDE, memory[acts + i]);
            s00 = w0.fma(x, s00);
            s01 = w1.fma(x, s01);
            x = FloatVector.broadcast(Species.WIDE, memory[acts + i + 1]);
            s10 = w0.fma(x, s10);
            s11 = w1.fma(x, s11);
            x = FloatVector.broadcast(Species.WIDE, memory[acts + i + 2]);
            s20 = w0.fma(x, s20);
            s21 = w1.fma(x, s21);
            x = FloatVector.broadcast(Species.WIDE, memory[acts + i + 3]);
            s30 = w0.fma(x, s30);
            s31 = w1.fma(x, s31);
        }
        scratch.touched += touched;
        int to = totals;
        FloatVector.fromArray(Species.WIDE, memory, to).add(s00).intoArray(memory, to);
        to += LENGTH;
        FloatVector.fromArray(Species.WIDE, memory, to).add(s01).intoArray(memory, to);
        to += LENGTH;
        FloatVector.fromArray(Species.WIDE, memory, to).add(s10).intoArray(memory, to);
        to += LENGTH;
        FloatVector.fromArray(Species.WIDE, memory, to).add(s11).intoArray(memory, to);
        to += LENGTH;
        FloatVector.fromArray(Species.WIDE, memory, to).add(s20).intoArray(memory, to);
        to += LENGTH;
        FloatVector.fromArray(Species.WIDE, memory, to).add(s21).intoArray(memory, to);
        to += LENGTH;
        FloatVector.fromArray(Species.WIDE, memory, to).add(s30).intoArray(memory, to);
        to += LENGTH;
        FloatVector.fromArray(Species.WIDE, memory, to).add(s31).intoArray(memory, to);
    }
}
