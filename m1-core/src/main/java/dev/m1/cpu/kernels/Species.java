package dev.m1.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vector shapes in use; constants, so that the compiler sees them. */
final class Species {
    /** For products in registers and element-wise loops: what the machine prefers, at most 16 floats. */
    static final VectorSpecies<Float> WIDE = FloatVector.SPECIES_PREFERRED.length() > Lanes.COUNT
            ? FloatVector.SPECIES_512
            : FloatVector.SPECIES_PREFERRED;

    /** 32-bit integers beside {@link #WIDE}. */
    static final VectorSpecies<Integer> WIDE_INTS =
            VectorSpecies.of(int.class, VectorShape.forBitSize(WIDE.vectorBitSize()));

    /** For loops bound by memory: at most 8 floats, so that 16 bfloat16 of one load fill two vectors. */
    static final VectorSpecies<Float> HALF =
            WIDE.length() > Lanes.COUNT / 2 ? FloatVector.SPECIES_256 : WIDE;

    /** 32-bit integers beside {@link #HALF}. */
    static final VectorSpecies<Integer> INTS =
            VectorSpecies.of(int.class, VectorShape.forBitSize(HALF.vectorBitSize()));

    private Species() {}
}
