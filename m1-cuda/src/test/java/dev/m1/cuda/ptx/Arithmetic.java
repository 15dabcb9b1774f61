package dev.m1.cuda.ptx;

import java.util.Set;

/** What the arithmetic instructions compute, per lane, as the PTX ISA defines it. */
final class Arithmetic {
    /** Of one, two or three operands; those that are not there are 0. */
    interface Function {
        long of(long a, long b, long c);
    }

    private interface Real1 {
        double of(double a);
    }

    private interface Real2 {
        double of(double a, double b);
    }

    private Arithmetic() {}

    /**
     * The function of an instruction, or null if it is none of these.
     *
     * @param modifiers what stands between the name and the type
     */
    static Function function(String name, Set<String> modifiers, PtxType type) {
        return type.isFloat() ? real(name, modifiers, type) : integer(name, modifiers, type);
    }

    private static Function real(String name, Set<String> modifiers, PtxType type) {
        return switch (name) {
            // A sum or product of two floats in double, rounded once more to float, is the correctly rounded one; so
            // are quotients and square roots (double has more than twice the bits).
            case "add" -> two(type, (a, b) -> a + b);
            case "sub" -> two(type, (a, b) -> a - b);
            case "mul" -> two(type, (a, b) -> a * b);
            case "div" -> two(type, (a, b) -> a / b);
            case "min" -> two(type, (a, b) -> a != a ? b : b != b ? a : Math.min(a, b));
            case "max" -> two(type, (a, b) -> a != a ? b : b != b ? a : Math.max(a, b));
            case "neg" -> one(type, a -> -a);
            case "abs" -> one(type, Math::abs);
            case "sqrt" -> one(type, Math::sqrt);
            case "rcp" -> one(type, a -> 1 / a);
            case "rsqrt" -> one(type, a -> 1 / Math.sqrt(a)); // approximate on a GPU: within 2 ulp
            case "ex2" -> one(type, a -> Math.pow(2, a)); // within 2 ulp
            case "lg2" -> one(type, a -> Math.log(a) / Math.log(2)); // within a few ulp
            case "fma" -> fma(modifiers, type);
            default -> null;
        };
    }

    private static Function one(PtxType type, Real1 f) {
        return (a, b, c) -> type.register(f.of(type.real(a)));
    }

    private static Function two(PtxType type, Real2 f) {
        return (a, b, c) -> type.register(f.of(type.real(a), type.real(b)));
    }

    private static Function fma(Set<String> modifiers, PtxType type) {
        if (type == PtxType.F64) {
            return (a, b, c) -> type.register(Math.fma(type.real(a), type.real(b), type.real(c)));
        }
        if (modifiers.contains("rm")) {
            return (a, b, c) -> PtxType.bits(fmaDown(type.real(a), type.real(b), type.real(c)));
        }
        return (a, b, c) -> PtxType.bits(Math.fma(
                Float.intBitsToFloat((int) a), Float.intBitsToFloat((int) b), Float.intBitsToFloat((int) c)));
    }

    /** a * b + c of floats, rounded towards minus infinity. */
    private static float fmaDown(double a, double b, double c) {
        double product = a * b; // exact: 48 bits
        double sum = product + c;
        double part = sum - product;
        double lost = (product - (sum - part)) + (c - part); // sum + lost is exact
        float rounded = (float) sum;
        return rounded > sum || (rounded == sum && lost < 0) ? Math.nextDown(rounded) : rounded;
    }

    private static Function integer(String name, Set<String> modifiers, PtxType type) {
        PtxType t = type;
        return switch (name) {
            case "add" -> (a, b, c) -> a + b;
            case "sub" -> (a, b, c) -> a - b;
            case "mul", "mad" -> product(modifiers, type);
            case "div" -> type == PtxType.U64
                    ? (a, b, c) -> Long.divideUnsigned(a, b)
                    : (a, b, c) -> t.integer(a) / t.integer(b);
            case "rem" -> type == PtxType.U64
                    ? (a, b, c) -> Long.remainderUnsigned(a, b)
                    : (a, b, c) -> t.integer(a) % t.integer(b);
            case "min" -> (a, b, c) -> less(t, a, b) ? a : b;
            case "max" -> (a, b, c) -> less(t, a, b) ? b : a;
            case "neg" -> (a, b, c) -> -a;
            case "abs" -> (a, b, c) -> Math.abs(t.integer(a));
            case "and" -> (a, b, c) -> a & b;
            case "or" -> (a, b, c) -> a | b;
            case "xor" -> (a, b, c) -> a ^ b;
            case "not" -> type == PtxType.PRED ? (a, b, c) -> a ^ 1 : (a, b, c) -> ~a;
            case "shl" -> (a, b, c) -> shift(b) >= t.bits ? 0 : a << shift(b);
            case "shr" -> type.isSigned()
                    ? (a, b, c) -> t.integer(a) >> Math.min(shift(b), 63)
                    : (a, b, c) -> shift(b) >= t.bits ? 0 : t.integer(a) >>> shift(b);
            case "popc" -> (a, b, c) -> Long.bitCount(t.integer(a) & unsignedMask(t));
            case "brev" -> (a, b, c) -> Long.reverse(a) >>> 64 - t.bits;
            case "bfind" -> (a, b, c) -> highestBit(modifiers, t, a);
            default -> null;
        };
    }

    private static long shift(long count) {
        return count & 0xffffffffL;
    }

    private static long unsignedMask(PtxType t) {
        return t.bits == 64 ? -1 : (1L << t.bits) - 1;
    }

    private static long highestBit(Set<String> modifiers, PtxType t, long a) {
        long value = t.integer(a) & unsignedMask(t);
        if (t.isSigned() || value == 0) {
            throw new PtxException("bfind of a signed number or of 0 is not covered");
        }
        long place = 63 - Long.numberOfLeadingZeros(value);
        return modifiers.contains("shiftamt") ? t.bits - 1 - place : place;
    }

    private static boolean less(PtxType t, long a, long b) {
        return t == PtxType.U64 ? Long.compareUnsigned(a, b) < 0 : t.integer(a) < t.integer(b);
    }

    private static Function product(Set<String> modifiers, PtxType t) {
        if (!modifiers.contains("hi")) { // lo, or wide: twice the bits of the operands
            return (a, b, c) -> t.integer(a) * t.integer(b) + c;
        }
        if (t.bits == 64) {
            return t.isSigned()
                    ? (a, b, c) -> Math.multiplyHigh(a, b) + c
                    : (a, b, c) -> Math.unsignedMultiplyHigh(a, b) + c;
        }
        return (a, b, c) -> (t.integer(a) * t.integer(b) >> t.bits) + c;
    }

    /** {@code setp}: whether a compares to b. */
    static Function comparison(String how, PtxType type) {
        if (type.isFloat()) {
            return (a, b, c) -> compare(how, type.real(a), type.real(b)) ? 1 : 0;
        }
        return (a, b, c) -> {
            int order = type == PtxType.U64
                    ? Long.compareUnsigned(a, b)
                    : Long.compare(type.integer(a), type.integer(b));
            return compare(how, order, 0) ? 1 : 0;
        };
    }

    private static boolean compare(String how, double a, double b) {
        boolean unordered = a != a || b != b;
        return switch (how) {
            case "eq" -> a == b;
            case "ne" -> a != b && !unordered;
            case "lt" -> a < b;
            case "le" -> a <= b;
            case "gt" -> a > b;
            case "ge" -> a >= b;
            case "equ" -> a == b || unordered;
            case "neu" -> a != b;
            case "ltu" -> a < b || unordered;
            case "leu" -> a <= b || unordered;
            case "gtu" -> a > b || unordered;
            case "geu" -> a >= b || unordered;
            case "num" -> !unordered;
            case "nan" -> unordered;
            default -> throw new PtxException("comparison " + how);
        };
    }

    /** {@code cvt}. */
    static Function conversion(Set<String> modifiers, PtxType to, PtxType from) {
        if (from.isFloat() && to.isFloat()) {
            return (a, b, c) -> to.register(saturate(modifiers, round(modifiers, from.real(a))));
        }
        if (from.isFloat()) {
            return (a, b, c) -> toInteger(to, round(modifiers, from.real(a)));
        }
        if (to.isFloat()) {
            return (a, b, c) -> fromInteger(to, from, from.integer(a));
        }
        return (a, b, c) -> from.integer(a);
    }

    private static double saturate(Set<String> modifiers, double x) {
        return !modifiers.contains("sat") ? x : x > 0 ? Math.min(x, 1) : 0; // NaN becomes 0
    }

    private static double round(Set<String> modifiers, double x) {
        return modifiers.contains("rzi") ? (x < 0 ? Math.ceil(x) : Math.floor(x))
                : modifiers.contains("rni") ? Math.rint(x)
                : modifiers.contains("rpi") ? Math.ceil(x)
                : modifiers.contains("rmi") ? Math.floor(x)
                : x;
    }

    private static long toInteger(PtxType to, double x) {
        if (to == PtxType.U64) {
            return x < 0x1p63 ? Math.max(0, (long) x) : (long) (x - 0x1p63) ^ Long.MIN_VALUE;
        }
        long most = to == PtxType.S64 ? Long.MAX_VALUE : to.isSigned() ? (1L << to.bits - 1) - 1 : (1L << to.bits) - 1;
        return Math.clamp((long) x, to.isSigned() ? -most - 1 : 0, most);
    }

    private static long fromInteger(PtxType to, PtxType from, long x) {
        if (from == PtxType.U64 && x < 0) {
            throw new PtxException("cvt of an unsigned number from 2^63 on is not covered");
        }
        return to == PtxType.F32 ? PtxType.bits((float) x) : to.register((double) x);
    }
}
