package dev.m1.cpu.kernels;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * A cache of bfloat16, read with vectors: a 32-bit lane holds two elements that belong to two vectors 8 apart.
 *
 * <p>The lanes are first copied into the target's upper half and taken from there. Read as vectors of integers where
 * they lie, they would spoil the code that reads mapped weights in the same way: the compiler's profile of such reads
 * is one for the whole JVM, see {@link Segments}.
 */
final class Bf16VectorStorage extends KvStorage {
    private static final int LENGTH = Species.HALF.length();
    private static final int APART = 8; // elements between the two of a lane
    private static final int ODD = 0xffff0000;

    Bf16VectorStorage(KvLayout layout) {
        super(layout, KvElements.BF16);
    }

    @Override
    void read(MemorySegment pool, long chunk, int n, float[] to, int at) {
        int lanes = at + n / 2; // where they begin: never overtaken, as a step reads half of what it writes
        MemorySegment.copy(pool, TensorReader.FLOAT, chunk, to, lanes, n - n / 2);
        for (int i = 0; i < n; i += 2 * APART) {
            for (int lane = 0; lane < APART; lane += LENGTH) {
                IntVector pair = FloatVector.fromArray(Species.HALF, to, lanes + i / 2 + lane)
                        .reinterpretAsInts();
                pair.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(to, at + i + lane);
                pair.and(ODD).reinterpretAsFloats().intoArray(to, at + i + lane + APART);
            }
        }
    }
}
