package dev.m1.cpu.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * A cache of bfloat16, read with vectors: a 32-bit lane holds two elements that belong to two vectors 8 apart. For
 * offsets see {@link VectorKernels}.
 */
final class Bf16VectorStorage extends KvStorage {
    private static final int LENGTH = Species.HALF.length();
    private static final int APART = 8; // elements between the two of a lane
    private static final int ODD = 0xffff0000;

    Bf16VectorStorage(KvLayout layout) {
        super(layout, KvElements.BF16);
    }

    @Override
    void read(MemorySegment pool, long chunk, int n, float[] to) {
        MemorySegment elements = Segments.requireAllocated(pool);
        for (int lane = 0; lane < APART; lane += LENGTH) {
            for (int i = 0; i < n; i += 2 * APART) {
                long at = chunk + (long) (i / 2 + lane) * Integer.BYTES;
                IntVector pair = IntVector.fromMemorySegment(Species.INTS, elements, at, ByteOrder.LITTLE_ENDIAN);
                pair.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(to, i + lane);
                pair.and(ODD).reinterpretAsFloats().intoArray(to, i + lane + APART);
            }
        }
    }
}
