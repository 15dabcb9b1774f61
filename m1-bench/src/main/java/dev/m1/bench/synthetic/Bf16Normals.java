package dev.m1.bench.synthetic;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.apache.commons.math3.distribution.NormalDistribution;

/**
 * Normally distributed bfloat16, drawn by table: 16 random bits pick one of 65,536 equally likely quantiles. One 64-bit
 * number gives four weights, so that 7 billion are drawn as fast as a disk takes them.
 */
final class Bf16Normals {
    private static final int QUANTILES = 1 << 16;

    private final short[] table = new short[QUANTILES]; // [quantiles]

    Bf16Normals(double mean, double deviation) {
        NormalDistribution normal = new NormalDistribution(null, mean, deviation);
        for (int i = 0; i < QUANTILES; i++) {
            table[i] = round((float) normal.inverseCumulativeProbability((i + 0.5) / QUANTILES));
        }
    }

    /** Fills a little-endian buffer from its position to its limit. */
    void fill(SplittableRandom random, ByteBuffer buffer) {
        while (buffer.remaining() >= Long.BYTES) {
            long bits = random.nextLong();
            long four = Short.toUnsignedLong(table[(int) (bits & 0xffff)])
                    | Short.toUnsignedLong(table[(int) (bits >>> 16 & 0xffff)]) << 16
                    | Short.toUnsignedLong(table[(int) (bits >>> 32 & 0xffff)]) << 32
                    | Short.toUnsignedLong(table[(int) (bits >>> 48)]) << 48;
            buffer.putLong(four);
        }
        while (buffer.hasRemaining()) {
            buffer.putShort(table[random.nextInt(QUANTILES)]);
        }
    }

    /** To nearest, ties to even; the values here are finite. */
    private static short round(float value) {
        int bits = Float.floatToRawIntBits(value);
        return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
    }
}
