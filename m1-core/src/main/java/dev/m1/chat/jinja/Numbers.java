package dev.m1.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/** Python's arithmetic on int (Long, or BigInteger where that is too small), float (Double) and bool. */
final class Numbers {
    /** About the 4300 digits that CPython prints. */
    private static final int MAX_BITS = 14_284;

    private Numbers() {}

    static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    static Object narrow(BigInteger n) {
        if (n.bitLength() < Long.SIZE) {
            return n.longValue();
        }
        if (n.bitLength() > MAX_BITS) {
            throw new EvalError("integer of more than " + MAX_BITS + " bits");
        }
        return n;
    }

    static BigInteger big(Object n) {
        return switch (n) {
            case Boolean b -> b ? BigInteger.ONE : BigInteger.ZERO;
            case BigInteger b -> b;
            default -> BigInteger.valueOf((Long) n);
        };
    }

    static double toDouble(Object n) {
        if (n instanceof Double d) {
            return d;
        }
        double d = big(n).doubleValue();
        if (Double.isInfinite(d)) {
            throw new EvalError("int too large to convert to float");
        }
        return d;
    }

    /** Both are numbers. */
    static Object apply(String op, Object a, Object b) {
        if (op.equals("/")) {
            return trueDivide(a, b);
        }
        if (a instanceof Double || b instanceof Double) {
            return floats(op, toDouble(a), toDouble(b));
        }
        if (op.equals("**")) {
            return power(big(a), big(b));
        }
        boolean large = a instanceof BigInteger || b instanceof BigInteger;
        return large ? bigs(op, big(a), big(b)) : longs(op, small(a), small(b));
    }

    private static long small(Object n) {
        return n instanceof Boolean b ? (b ? 1 : 0) : (Long) n;
    }

    private static Object longs(String op, long a, long b) {
        long high = op.equals("*") ? Math.multiplyHigh(a, b) : 0;
        return switch (op) {
            case "+" -> ((a ^ (a + b)) & (b ^ (a + b))) < 0 ? bigs(op, a, b) : (Object) (a + b);
            case "-" -> ((a ^ b) & (a ^ (a - b))) < 0 ? bigs(op, a, b) : (Object) (a - b);
            case "*" -> high != (a * b) >> 63 ? bigs(op, a, b) : (Object) (a * b);
            case "//" -> b == -1 ? bigs(op, a, b) : (Object) Math.floorDiv(a, nonZero(b));
            case "%" -> b == -1 ? (Object) 0L : (Object) Math.floorMod(a, nonZero(b));
            default -> throw new IllegalStateException(op);
        };
    }

    private static Object bigs(String op, long a, long b) {
        return bigs(op, BigInteger.valueOf(a), BigInteger.valueOf(b));
    }

    private static Object bigs(String op, BigInteger a, BigInteger b) {
        return narrow(switch (op) {
            case "+" -> a.add(b);
            case "-" -> a.subtract(b);
            case "*" -> a.multiply(b);
            case "//" -> floorDivide(a, b)[0];
            case "%" -> floorDivide(a, b)[1];
            default -> throw new IllegalStateException(op);
        });
    }

    private static BigInteger[] floorDivide(BigInteger a, BigInteger b) {
        nonZero(b.signum());
        BigInteger[] result = a.divideAndRemainder(b);
        if (result[1].signum() != 0 && result[1].signum() != b.signum()) {
            result[0] = result[0].subtract(BigInteger.ONE);
            result[1] = result[1].add(b);
        }
        return result;
    }

    private static long nonZero(long divisor) {
        if (divisor == 0) {
            throw new EvalError("integer division or modulo by zero");
        }
        return divisor;
    }

    private static Object trueDivide(Object a, Object b) {
        if (b instanceof Double d ? d == 0 : big(b).signum() == 0) {
            throw new EvalError("division by zero");
        }
        if (a instanceof Double || b instanceof Double || exact(a) && exact(b)) {
            return toDouble(a) / toDouble(b);
        }
        // Rounding each side before dividing would round twice; 40 digits are far more than a double holds.
        return new BigDecimal(big(a)).divide(new BigDecimal(big(b)), new MathContext(40)).doubleValue();
    }

    private static boolean exact(Object integer) {
        return big(integer).bitLength() <= 53;
    }

    private static Object floats(String op, double a, double b) {
        return switch (op) {
            case "+" -> a + b;
            case "-" -> a - b;
            case "*" -> a * b;
            case "//" -> floorDivide(a, b);
            case "%" -> floorMod(a, b);
            case "**" -> power(a, b);
            default -> throw new IllegalStateException(op);
        };
    }

    /** CPython's float_floor_div: the quotient that goes with {@link #floorMod}. */
    private static double floorDivide(double a, double b) {
        double mod = floorMod(a, b);
        double div = (a - mod) / b;
        double floor = Math.floor(div);
        if (div == 0) {
            return Math.copySign(0, a / b);
        }
        return div - floor > 0.5 ? floor + 1 : floor;
    }

    private static double floorMod(double a, double b) {
        if (b == 0) {
            throw new EvalError("float floor division or modulo by zero");
        }
        double mod = a % b;
        if (mod == 0) {
            return Math.copySign(0, b);
        }
        return mod < 0 != b < 0 ? mod + b : mod;
    }

    private static Object power(BigInteger base, BigInteger exponent) {
        if (exponent.signum() < 0) {
            return power(toDouble(narrow(base)), toDouble(narrow(exponent)));
        }
        boolean tiny = base.abs().bitLength() <= 1; // -1, 0, 1
        if (!tiny && (exponent.bitLength() > 31 || (base.bitLength() - 1L) * exponent.longValue() > MAX_BITS)) {
            throw new EvalError("power too large");
        }
        if (tiny) {
            boolean negative = base.signum() < 0 && exponent.testBit(0);
            return exponent.signum() == 0 || base.signum() > 0 ? (Object) 1L : negative ? (Object) (-1L) : big1(base);
        }
        return narrow(base.pow(exponent.intValue()));
    }

    private static Object big1(BigInteger base) {
        return base.signum() == 0 ? 0L : 1L;
    }

    private static double power(double a, double b) {
        if (a == 0 && b < 0) {
            throw new EvalError("0.0 cannot be raised to a negative power");
        }
        double result = a == 1 || b == 0 ? 1 : Math.pow(a, b);
        if (Double.isNaN(result) && !Double.isNaN(a) && !Double.isNaN(b)) {
            throw new EvalError("complex numbers are not supported");
        }
        if (Double.isInfinite(result) && !Double.isInfinite(a) && !Double.isInfinite(b)) {
            throw new EvalError("numerical result out of range");
        }
        return result;
    }

    static Object negate(Object n) {
        return n instanceof Double d ? (Object) (-d) : narrow(big(n).negate());
    }

    /** Sign of a - b; neither is NaN. */
    static int compare(Object a, Object b) {
        if (a instanceof Long x && b instanceof Long y) {
            return Long.compare(x, y);
        }
        if (a instanceof Double x && b instanceof Double y) {
            return x < y ? -1 : x > y ? 1 : 0;
        }
        if (a instanceof Double x && x.isInfinite()) {
            return x > 0 ? 1 : -1;
        }
        if (b instanceof Double y && y.isInfinite()) {
            return y > 0 ? -1 : 1;
        }
        return decimal(a).compareTo(decimal(b));
    }

    private static BigDecimal decimal(Object n) {
        return n instanceof Double d ? new BigDecimal(d) : new BigDecimal(big(n));
    }

    static boolean isNaN(Object n) {
        return n instanceof Double d && d.isNaN();
    }
}
