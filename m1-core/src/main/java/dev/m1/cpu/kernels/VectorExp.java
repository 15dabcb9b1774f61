package dev.m1.cpu.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/** {@link FloatExp} with vectors, operation by operation. */
final class VectorExp {
    private VectorExp() {}

    static FloatVector exp(FloatVector value) {
        FloatVector x = value.max(FloatExp.MIN).min(FloatExp.MAX);
        FloatVector shifted = x.fma(broadcast(FloatExp.LOG2_E), broadcast(FloatExp.ROUND));
        FloatVector n = shifted.sub(FloatExp.ROUND);
        FloatVector r = n.fma(broadcast(-FloatExp.LN2_HIGH), x);
        r = n.fma(broadcast(-FloatExp.LN2_LOW), r);
        FloatVector p = r.fma(broadcast(FloatExp.C7), broadcast(FloatExp.C6));
        p = p.fma(r, broadcast(FloatExp.C5));
        p = p.fma(r, broadcast(FloatExp.C4));
        p = p.fma(r, broadcast(FloatExp.C3));
        p = p.fma(r, broadcast(FloatExp.C2));
        p = p.fma(r.mul(r), r).add(1);
        IntVector power = shifted.reinterpretAsInts().sub(FloatExp.ROUND_BITS);
        IntVector half = power.lanewise(VectorOperators.ASHR, 1);
        return p.mul(powerOf2(half)).mul(powerOf2(power.sub(half)));
    }

    private static FloatVector powerOf2(IntVector n) {
        return n.add(127).lanewise(VectorOperators.LSHL, 23).reinterpretAsFloats();
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(Species.WIDE, value);
    }
}
