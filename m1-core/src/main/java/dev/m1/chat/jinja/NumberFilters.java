package dev.m1.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code int}, {@code float}, {@code round}, {@code abs}. */
final class NumberFilters {
    private static final Pattern FLOAT =
            Pattern.compile("[+-]?(?:\\d++(?:\\.\\d*+)?|\\.\\d++)(?:[eE][+-]?\\d++)?");
    private static final Pattern INTEGER = Pattern.compile("([+-]?)(?:(0[bBoOxX])_?)?([0-9a-zA-Z_]++)");
    /** An underscore that is not between two digits. */
    private static final Pattern BAD_UNDERSCORE = Pattern.compile("(?<![0-9a-zA-Z])_|_(?![0-9a-zA-Z])");
    private static final int MAX_DIGITS = 4300;

    private NumberFilters() {}

    static void register(Map<String, Filters.Filter> all) {
        all.put("int", NumberFilters::toInteger);
        all.put("float", (f, v, a) -> {
            Object[] args = a.bind("float", 0, "default");
            Double d = toFloat(v);
            return d == null ? Args.or(args[0], 0.0) : d;
        });
        all.put("abs", (f, v, a) -> {
            a.bind("abs", 0);
            if (!Numbers.isNumber(v)) {
                throw new EvalError("bad operand type for abs(): '" + Types.name(v) + "'");
            }
            return v instanceof Double d ? (Object) Math.abs(d) : Numbers.narrow(Numbers.big(v).abs());
        });
        all.put("round", NumberFilters::round);
    }

    private static Object toInteger(Frame f, Object value, Args args) {
        Object[] a = args.bind("int", 0, "default", "base");
        Object fallback = Args.or(a[0], 0L);
        int base = Types.toInt(Args.or(a[1], 10L), "int base");
        switch (value) {
            case Undefined u -> throw u.error();
            case Boolean b -> {
                return b ? 1L : 0L;
            }
            case Double d -> {
                if (d.isInfinite()) {
                    throw new EvalError("cannot convert float infinity to integer");
                }
                return d.isNaN() ? fallback : truncate(d);
            }
            case Number n -> {
                return n;
            }
            case Text text -> {
                Object parsed = parse(text.string(), base);
                if (parsed != null) {
                    return parsed;
                }
                Double d = toFloat(text);
                return d == null || d.isNaN() || d.isInfinite() ? fallback : truncate(d);
            }
            case null, default -> {
                return fallback;
            }
        }
    }

    static Object truncate(double d) {
        if (Double.isNaN(d) || Double.isInfinite(d)) {
            throw new EvalError("cannot convert float " + Printer.number(d) + " to integer");
        }
        return Numbers.narrow(new BigDecimal(d).toBigInteger());
    }

    /** Python's {@code int(text, base)}, or null where it raises. */
    private static Object parse(String text, int base) {
        Matcher m = INTEGER.matcher(trim(text));
        if (!m.matches() || BAD_UNDERSCORE.matcher(text).find() || base != 0 && (base < 2 || base > 36)) {
            return null;
        }
        String prefix = m.group(2) == null ? "" : m.group(2).toLowerCase(Locale.ROOT);
        int prefixBase = switch (prefix) {
            case "0b" -> 2;
            case "0o" -> 8;
            case "0x" -> 16;
            default -> 0;
        };
        String digits = m.group(3).replace("_", "");
        if (prefixBase != 0 && base != prefixBase && base != 0) {
            digits = prefix + digits; // "0b1" is a number in base 16, and no number in base 10
            prefixBase = 0;
        }
        int radix = prefixBase != 0 ? prefixBase : base == 0 ? 10 : base;
        if (digits.length() > MAX_DIGITS || base == 0 && prefixBase == 0 && digits.matches("0+[1-9].*")) {
            return null;
        }
        for (int i = 0; i < digits.length(); i++) {
            if (Character.digit(digits.charAt(i), radix) < 0) {
                return null;
            }
        }
        BigInteger n = new BigInteger(digits, radix);
        return Numbers.narrow(m.group(1).equals("-") ? n.negate() : n);
    }

    /** Python's {@code float(value)}, or null where it raises a TypeError or ValueError. */
    private static Double toFloat(Object value) {
        if (value instanceof Undefined u) {
            throw u.error();
        }
        if (Numbers.isNumber(value)) {
            return Numbers.toDouble(value);
        }
        if (!(value instanceof Text text)) {
            return null;
        }
        String s = trim(text.string());
        String digits = s.replace("_", "");
        if (s.length() <= MAX_DIGITS && FLOAT.matcher(digits).matches() && !BAD_UNDERSCORE.matcher(s).find()) {
            return Double.valueOf(digits);
        }
        return switch (s.toLowerCase(Locale.ROOT)) {
            case "nan", "+nan", "-nan" -> Double.NaN;
            case "inf", "+inf", "infinity", "+infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-infinity" -> Double.NEGATIVE_INFINITY;
            default -> null;
        };
    }

    private static String trim(String s) {
        int from = Chars.skipSpace(s, 0);
        return s.substring(from, Chars.trimEnd(s, from, s.length()));
    }

    private static Object round(Frame f, Object value, Args args) {
        Object[] a = args.bind("round", 0, "precision", "method");
        int precision = Types.toInt(Args.or(a[0], 0L), "round precision");
        String method = Types.toText(Args.or(a[1], Text.plain("common")), "round method").string();
        if (!Numbers.isNumber(value)) {
            throw new EvalError("type " + Types.name(value) + " doesn't define round");
        }
        if (Math.abs(precision) > 400) {
            throw new EvalError("round precision too big: " + precision);
        }
        return switch (method) {
            case "common" -> common(value, precision);
            case "ceil", "floor" -> {
                Object scale = Numbers.apply("**", 10L, (long) precision);
                Object scaled = Numbers.apply("*", value, scale);
                Object whole = scaled instanceof Double d
                        ? truncate(method.equals("ceil") ? Math.ceil(d) : Math.floor(d))
                        : scaled;
                yield Numbers.apply("/", whole, scale);
            }
            default -> throw new EvalError("method must be common, ceil or floor");
        };
    }

    private static Object common(Object value, int precision) {
        if (value instanceof Double d) {
            boolean finite = !d.isNaN() && !d.isInfinite();
            double rounded = finite ? new BigDecimal(d).setScale(precision, RoundingMode.HALF_EVEN).doubleValue() : d;
            return Math.copySign(rounded, d);
        }
        if (precision >= 0) {
            return Numbers.narrow(Numbers.big(value));
        }
        BigDecimal rounded = new BigDecimal(Numbers.big(value)).setScale(precision, RoundingMode.HALF_EVEN);
        return Numbers.narrow(rounded.toBigInteger());
    }
}
