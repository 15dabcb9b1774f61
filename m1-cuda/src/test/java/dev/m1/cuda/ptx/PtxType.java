package dev.m1.cuda.ptx;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A PTX type: how the bits of a register are read. Registers are longs; unused upper bits are ignored. */
enum PtxType {
    PRED(1, Kind.BITS),
    B8(8, Kind.BITS),
    B16(16, Kind.BITS),
    B32(32, Kind.BITS),
    B64(64, Kind.BITS),
    U8(8, Kind.UNSIGNED),
    U16(16, Kind.UNSIGNED),
    U32(32, Kind.UNSIGNED),
    U64(64, Kind.UNSIGNED),
    S8(8, Kind.SIGNED),
    S16(16, Kind.SIGNED),
    S32(32, Kind.SIGNED),
    S64(64, Kind.SIGNED),
    F16(16, Kind.FLOAT),
    BF16(16, Kind.FLOAT),
    F32(32, Kind.FLOAT),
    F64(64, Kind.FLOAT);

    private enum Kind {
        BITS,
        UNSIGNED,
        SIGNED,
        FLOAT
    }

    private static final Map<String, PtxType> BY_NAME =
            Arrays.stream(values()).collect(Collectors.toMap(t -> t.name().toLowerCase(Locale.ROOT), t -> t));

    final int bits;
    private final Kind kind;

    PtxType(int bits, Kind kind) {
        this.bits = bits;
        this.kind = kind;
    }

    /** The type with this PTX name, or null. */
    static PtxType of(String name) {
        return BY_NAME.get(name);
    }

    int bytes() {
        return Math.max(1, bits / 8);
    }

    boolean isFloat() {
        return kind == Kind.FLOAT;
    }

    boolean isSigned() {
        return kind == Kind.SIGNED;
    }

    /** The integer that a register holds: sign or zero extended. */
    long integer(long register) {
        if (bits == 64) {
            return register;
        }
        int unused = 64 - bits;
        return isSigned() ? register << unused >> unused : register << unused >>> unused;
    }

    /** The number that a register holds as a floating-point type; exact. */
    double real(long register) {
        return switch (this) {
            case F64 -> Double.longBitsToDouble(register);
            case F32 -> Float.intBitsToFloat((int) register);
            case F16 -> Float.float16ToFloat((short) register);
            case BF16 -> Float.intBitsToFloat((int) register << 16);
            default -> throw new PtxException("not a floating-point type: " + this);
        };
    }

    /** The register for a number, rounded to nearest even. */
    long register(double value) {
        return switch (this) {
            case F64 -> Double.doubleToRawLongBits(value);
            case F32 -> bits((float) value);
            case F16 -> Float.floatToFloat16((float) value) & 0xffffL; // its callers convert from floats only
            case BF16 -> bfloat16((float) value);
            default -> throw new PtxException("not a floating-point type: " + this);
        };
    }

    static long bits(float value) {
        return Float.floatToRawIntBits(value) & 0xffffffffL;
    }

    private static long bfloat16(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return 0x7fff;
        }
        return bits + 0x7fff + (bits >>> 16 & 1) >>> 16 & 0xffff;
    }
}
