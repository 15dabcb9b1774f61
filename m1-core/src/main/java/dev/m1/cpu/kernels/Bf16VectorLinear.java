package dev.m1.cpu.kernels;

import dev.m1.spi.WeightTensor;
import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * bfloat16 weights read with vectors. One 32-bit lane holds two of them: shifted left it is the even one as a
 * float, masked the odd one, which is the slot order of {@link Lanes}. On AVX2 one load brings the 16 weights of a
 * step. For offsets see {@link VectorKernels}.
 */
final class Bf16VectorLinear extends Linear {
    private static final int LENGTH = Species.HALF.length();
    private static final int ODD = 0xffff0000;

    private final MemorySegment data;
    private final long rowBytes;

    Bf16VectorLinear(WeightTensor matrix, float[] bias) {
        super(matrix, bias);
        data = matrix.data();
        rowBytes = (long) inputs * Short.BYTES;
    }

    @Override
    boolean direct() {
        return inputs % Lanes.COUNT == 0; // a padded step would read past the row
    }

    @Override
    void unpack(int output, float[] panel, int p, int stride, float[] row) {
        if (!direct()) {
            super.unpack(output, panel, p, stride, row);
            return;
        }
        long start = output * rowBytes - 2L * p;
        int step = stride / Lanes.COUNT;
        for (int g = 0; g < 8; g += LENGTH) {
            for (int k = 0; k < inputs; k += Lanes.COUNT) {
                IntVector pair = IntVector.fromMemorySegment(
                        Species.INTS, data, start + 4L * g + 2L * (p + k), ByteOrder.LITTLE_ENDIAN);
                pair.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().intoArray(panel, p + g + k * step);
                pair.and(ODD).reinterpretAsFloats().intoArray(panel, p + g + k * step + 8);
            }
        }
    }

    @Override
    void dot1(int output, float[] memory, int acts, int lanes) {
        long start = output * rowBytes - 2L * acts;
        for (int g = 0; g < 8; g += LENGTH) {
            FloatVector s0 = FloatVector.zero(Species.HALF);
            FloatVector s1 = s0;
            int ag = acts + g;
            for (int k = 0; k < inputs; k += Lanes.COUNT) {
                IntVector pair = IntVector.fromMemorySegment(
                        Species.INTS, data, start + 4L * g + 2L * (acts + k), ByteOrder.LITTLE_ENDIAN);
                s0 = pair.lanewise(VectorOperators.LSHL, 16)
                        .reinterpretAsFloats()
                        .fma(FloatVector.fromArray(Species.HALF, memory, ag + k), s0);
                s1 = pair.and(ODD)
                        .reinterpretAsFloats()
                        .fma(FloatVector.fromArray(Species.HALF, memory, ag + k + 8), s1);
            }
            s0.intoArray(memory, lanes + g);
            s1.intoArray(memory, lanes + g + 8);
        }
    }

    @Override
    void dotRows(int output, int apart, float[] memory, int acts, int lanes) {
        long start0 = output * rowBytes;
        long step = apart * rowBytes;
        for (int g = 0; g < 8; g += LENGTH) {
            long start = start0 + 4L * g - 2L * acts;
            FloatVector s00 = FloatVector.zero(Species.HALF);
            FloatVector s01 = s00;
            FloatVector s10 = s00;
            FloatVector s11 = s00;
            FloatVector s20 = s00;
            FloatVector s21 = s00;
            FloatVector s30 = s00;
            FloatVector s31 = s00;
            int ag = acts + g;
            for (int k = 0; k < inputs; k += Lanes.COUNT) {
                long at = start + 2L * (acts + k);
                FloatVector x0 = FloatVector.fromArray(Species.HALF, memory, ag + k);
                FloatVector x1 = FloatVector.fromArray(Species.HALF, memory, ag + k + 8);
                IntVector pair = IntVector.fromMemorySegment(Species.INTS, data, at, ByteOrder.LITTLE_ENDIAN);
                s00 = pair.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(x0, s00);
                s01 = pair.and(ODD).reinterpretAsFloats().fma(x1, s01);
                pair = IntVector.fromMemorySegment(Species.INTS, data, at + step, ByteOrder.LITTLE_ENDIAN);
                s10 = pair.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(x0, s10);
                s11 = pair.and(ODD).reinterpretAsFloats().fma(x1, s11);
                pair = IntVector.fromMemorySegment(Species.INTS, data, at + 2 * step, ByteOrder.LITTLE_ENDIAN);
                s20 = pair.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(x0, s20);
                s21 = pair.and(ODD).reinterpretAsFloats().fma(x1, s21);
                pair = IntVector.fromMemorySegment(Species.INTS, data, at + 3 * step, ByteOrder.LITTLE_ENDIAN);
                s30 = pair.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats().fma(x0, s30);
                s31 = pair.and(ODD).reinterpretAsFloats().fma(x1, s31);
            }
            int to = lanes + g;
            s00.intoArray(memory, to);
            s01.intoArray(memory, to + 8);
            s10.intoArray(memory, to + 16);
            s11.intoArray(memory, to + 24);
            s20.intoArray(memory, to + 32);
            s21.intoArray(memory, to + 40);
            s30.intoArray(memory, to + 48);
            s31.intoArray(memory, to + 56);
        }
    }

    @Override
    void dot4(int output, int first, int length, float[] memory, int acts, int lanes) {
        long start = output * rowBytes + 2L * first - 2L * acts;
        for (int g = 0; g < 8; g += LENGTH) {
            int to = lanes + g;
            FloatVector s00 = FloatVector.fromArray(Species.HALF, memory, to);
            FloatVector s01 = FloatVector.fromArray(Species.HALF, memory, to + 8);
            FloatVector s10 = FloatVector.fromArray(Species.HALF, memory, to + 16);
            FloatVector s11 = FloatVector.fromArray(Species.HALF, memory, to + 24);
            FloatVector s20 = FloatVector.fromArray(Species.HALF, memory, to + 32);
            FloatVector s21 = FloatVector.fromArray(Species.HALF, memory, to + 40);
            FloatVector s30 = FloatVector.fromArray(Species.HALF, memory, to + 48);
            FloatVector s31 = FloatVector.fromArray(Species.HALF, memory, to + 56);
            int ag = acts + g;
            for (int k = 0; k < length; k += Lanes.COUNT) {
                IntVector pair = IntVector.fromMemorySegment(
                        Species.INTS, data, start + 4L * g + 2L * (acts + k), ByteOrder.LITTLE_ENDIAN);
                FloatVector w0 = pair.lanewise(VectorOperators.LSHL, 16).reinterpretAsFloats();
                FloatVector w1 = pair.and(ODD).reinterpretAsFloats();
                s00 = w0.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k), s00);
                s01 = w1.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 8), s01);
                s10 = w0.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 16), s10);
                s11 = w1.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 24), s11);
                s20 = w0.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 32), s20);
                s21 = w1.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 40), s21);
                s30 = w0.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 48), s30);
                s31 = w1.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 56), s31);
            }
            s00.intoArray(memory, to);
            s01.intoArray(memory, to + 8);
            s10.intoArray(memory, to + 16);
            s11.intoArray(memory, to + 24);
            s20.intoArray(memory, to + 32);
            s21.intoArray(memory, to + 40);
            s30.intoArray(memory, to + 48);
            s31.intoArray(memory, to + 56);
        }
    }
}
