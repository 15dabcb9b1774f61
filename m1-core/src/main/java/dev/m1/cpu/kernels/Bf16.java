package dev.m1.cpu.kernels;

/** bfloat16, the upper half of an IEEE binary32. */
final class Bf16 {
    private static final short NAN = 0x7fc0;

    private Bf16() {}

    static float toFloat(short bits) {
        return Float.intBitsToFloat(bits << 16);
    }

    /** Rounds to nearest, ties to even; overflow gives infinity. */
    static short fromFloat(float value) {
        int bits = Float.floatToRawIntBits(value);
        if ((bits & 0x7fffffff) > 0x7f800000) {
            return NAN; // the carry below could turn a NaN into infinity or zero
        }
        return (short) ((bits + 0x7fff + (bits >>> 16 & 1)) >>> 16);
    }
}
