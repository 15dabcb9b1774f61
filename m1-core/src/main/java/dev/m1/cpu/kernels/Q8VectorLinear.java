package dev.m1.cpu.kernels;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/**
 * 8-bit weights read with vectors, made floats once and multiplied by float activations. One 32-bit lane of a block
 * holds four of them; a shift to the top and back down extends the sign, see {@link Q8Matrix}.
 */
final class Q8VectorLinear extends Linear {
    private static final int LENGTH = Species.HALF.length();
    private static final int B = Q8Matrix.BLOCK;

    private final MemorySegment quants;
    private final MemorySegment scales;
    private final long rowBytes; // of integers
    private final long rowScales; // bytes

    Q8VectorLinear(Q8Matrix matrix, float[] bias) {
        super(matrix, bias);
        quants = matrix.quants;
        scales = matrix.scales;
        rowBytes = (long) matrix.blocks * B;
        rowScales = (long) matrix.blocks * Float.BYTES;
    }

    @Override
    boolean direct() {
        return inputs % B == 0; // a padded block would read activations past the row
    }

    @Override
    void unpack(int output, float[] panel, int p, int stride, float[] row) {
        if (!direct()) {
            super.unpack(output, panel, p, stride, row);
            return;
        }
        long start = output * rowBytes;
        long scale = output * rowScales;
        int step = stride / Lanes.COUNT;
        for (int g = 0; g < 8; g += LENGTH) {
            for (int k = 0; k < inputs; k += B) {
                IntVector x = IntVector.fromMemorySegment(
                        Species.INTS, quants, start + 4L * g + k, ByteOrder.LITTLE_ENDIAN);
                FloatVector s =
                        FloatVector.broadcast(Species.HALF, scales.get(TensorReader.FLOAT, scale + k / 8));
                int to = p + g + k * step;
                ((FloatVector) x.lanewise(VectorOperators.LSHL, 24)
                                .lanewise(VectorOperators.ASHR, 24)
                                .convert(VectorOperators.I2F, 0))
                        .mul(s)
                        .intoArray(panel, to);
                ((FloatVector) x.lanewise(VectorOperators.LSHL, 16)
                                .lanewise(VectorOperators.ASHR, 24)
                                .convert(VectorOperators.I2F, 0))
                        .mul(s)
                        .intoArray(panel, to + 8);
                ((FloatVector) x.lanewise(VectorOperators.LSHL, 8)
                                .lanewise(VectorOperators.ASHR, 24)
                                .convert(VectorOperators.I2F, 0))
                        .mul(s)
                        .intoArray(panel, to + stride);
                ((FloatVector) x.lanewise(VectorOperators.ASHR, 24).convert(VectorOperators.I2F, 0))
                        .mul(s)
                        .intoArray(panel, to + stride + 8);
            }
        }
    }

    @Override
    void dot1(int output, float[] memory, int acts, int lanes) {
        long start = output * rowBytes;
        long scale = output * rowScales;
        for (int g = 0; g < 8; g += LENGTH) {
            FloatVector s0 = FloatVector.zero(Species.HALF);
            FloatVector s1 = s0;
            int ag = acts + g;
            for (int k = 0; k < inputs; k += B) {
                IntVector x = IntVector.fromMemorySegment(
                        Species.INTS, quants, start + 4L * g + k, ByteOrder.LITTLE_ENDIAN);
                FloatVector s =
                        FloatVector.broadcast(Species.HALF, scales.get(TensorReader.FLOAT, scale + k / 8));
                s0 = ((FloatVector) x.lanewise(VectorOperators.LSHL, 24)
                                .lanewise(VectorOperators.ASHR, 24)
                                .convert(VectorOperators.I2F, 0))
                        .mul(s)
                        .fma(FloatVector.fromArray(Species.HALF, memory, ag + k), s0);
                s1 = ((FloatVector) x.lanewise(VectorOperators.LSHL, 16)
                                .lanewise(VectorOperators.ASHR, 24)
                                .convert(VectorOperators.I2F, 0))
                        .mul(s)
                        .fma(FloatVector.fromArray(Species.HALF, memory, ag + k + 8), s1);
                s0 = ((FloatVector) x.lanewise(VectorOperators.LSHL, 8)
                                .lanewise(VectorOperators.ASHR, 24)
                                .convert(VectorOperators.I2F, 0))
                        .mul(s)
                        .fma(FloatVector.fromArray(Species.HALF, memory, ag + k + 16), s0);
                s1 = ((FloatVector) x.lanewise(VectorOperators.ASHR, 24).convert(VectorOperators.I2F, 0))
                        .mul(s)
                        .fma(FloatVector.fromArray(Species.HALF, memory, ag + k + 24), s1);
            }
            s0.intoArray(memory, lanes + g);
            s1.intoArray(memory, lanes + g + 8);
        }
    }

    /** Two rows at a time: the sums of one wait for each other, and entering the loop is a tenth of its time. */
    @Override
    void dot4(int output, int first, int length, float[] memory, int acts, int lanes) {
        long start = output * rowBytes + first;
        long scale = output * rowScales + first / 8;
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
            for (int k = 0; k < length; k += B) {
                IntVector x = IntVector.fromMemorySegment(
                        Species.INTS, quants, start + 4L * g + k, ByteOrder.LITTLE_ENDIAN);
                FloatVector s =
                        FloatVector.broadcast(Species.HALF, scales.get(TensorReader.FLOAT, scale + k / 8));
                FloatVector w = ((FloatVector) x.lanewise(VectorOperators.LSHL, 24)
                                .lanewise(VectorOperators.ASHR, 24)
                                .convert(VectorOperators.I2F, 0))
                        .mul(s);
                s00 = w.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k), s00);
                s10 = w.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 16), s10);
                s20 = w.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 32), s20);
                s30 = w.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 48), s30);
                w = ((FloatVector) x.lanewise(VectorOperators.LSHL, 16)
                                .lanewise(VectorOperators.ASHR, 24)
                                .convert(VectorOperators.I2F, 0))
                        .mul(s);
                s01 = w.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 8), s01);
                s11 = w.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 24), s11);
                s21 = w.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 40), s21);
                s31 = w.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 56), s31);
                w = ((FloatVector) x.lanewise(VectorOperators.LSHL, 8)
                                .lanewise(VectorOperators.ASHR, 24)
                                .convert(VectorOperators.I2F, 0))
                        .mul(s);
                s00 = w.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 64), s00);
                s10 = w.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 80), s10);
                s20 = w.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 96), s20);
                s30 = w.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 112), s30);
                w = ((FloatVector) x.lanewise(VectorOperators.ASHR, 24).convert(VectorOperators.I2F, 0)).mul(s);
                s01 = w.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 72), s01);
                s11 = w.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 88), s11);
                s21 = w.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 104), s21);
                s31 = w.fma(FloatVector.fromArray(Species.HALF, memory, ag + 4 * k + 120), s31);
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
