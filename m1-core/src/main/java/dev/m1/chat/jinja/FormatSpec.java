package dev.m1.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;

/**
 * A format specification as {@code str.format} and {@code %} know it.
 *
 * @param fill code point that pads
 * @param align one of {@code < > ^ =}, or 0 for the type's own
 * @param sign one of {@code + -} and space
 * @param alternate {@code #}
 * @param width least number of code points
 * @param group {@code ,} or {@code _} between thousands, or 0
 * @param precision digits or characters, or -1
 * @param type conversion letter, or 0
 */
record FormatSpec(int fill, char align, char sign, boolean alternate, int width, char group, int precision, char type) {
    private static final int MAX_PRECISION = 400;

    Text apply(Frame frame, Object value) {
        if (value instanceof Text text) {
            return string(frame, text);
        }
        if (Numbers.isNumber(value)) {
            return number(frame, value);
        }
        throw new EvalError("unsupported format string for " + Types.name(value));
    }

    private Text string(Frame frame, Text text) {
        if (type != 0 && type != 's' || sign != '-' || alternate || group != 0 || align == '=') {
            throw new EvalError("unsupported format specification for str");
        }
        Text cut = precision >= 0 && precision < text.codePoints() ? text.slice(0, text.offset(precision)) : text;
        return pad(frame, cut, align == 0 ? '<' : align);
    }

    private Text number(Frame frame, Object value) {
        boolean isFloat = value instanceof Double;
        String digits = switch (type) {
            case 'd', 'x', 'X', 'o', 'b' -> {
                if (isFloat) {
                    throw new EvalError("unknown format code '" + type + "' for float");
                }
                yield integer(Numbers.big(value).abs());
            }
            case 'e', 'E', 'f', 'F', 'g', 'G', '%' -> real(Math.abs(Numbers.toDouble(value)));
            case 0 -> {
                if (isFloat) {
                    if (precision >= 0) {
                        throw new EvalError("a float format with precision needs a type");
                    }
                    yield Printer.number(Math.abs((Double) value));
                }
                yield integer(Numbers.big(value).abs());
            }
            default -> throw new EvalError("format code '" + type + "' is not supported for " + Types.name(value));
        };
        boolean negative = isFloat
                ? (Double) value < 0 || (Double) value == 0 && 1 / (Double) value < 0
                : Numbers.big(value).signum() < 0;
        String prefix = negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
        if (alternate && (type == 'x' || type == 'X' || type == 'o' || type == 'b')) {
            prefix += "0" + type;
        }
        if (align == '=') {
            int missing = width - prefix.length() - digits.length();
            if (group != 0 && missing > 0 && fill == '0') {
                throw new EvalError("zero padding with digit grouping is not supported");
            }
            return frame.builder().append(prefix).repeat(Text.plain(Character.toString(fill)), missing)
                    .append(digits).toText();
        }
        return pad(frame, Text.plain(prefix + digits), align == 0 ? '>' : align);
    }

    private String integer(BigInteger n) {
        if (precision >= 0) {
            throw new EvalError("precision not allowed in integer format specifier");
        }
        return switch (type) {
            case 'x' -> n.toString(16);
            case 'X' -> n.toString(16).toUpperCase(Locale.ROOT);
            case 'o' -> n.toString(8);
            case 'b' -> n.toString(2);
            default -> grouped(n.toString());
        };
    }

    private String grouped(String digits) {
        if (group == 0) {
            return digits;
        }
        StringBuilder out = new StringBuilder(digits);
        for (int i = digits.length() - 3; i > 0; i -= 3) {
            out.insert(i, group);
        }
        return out.toString();
    }

    private String real(double d) {
        int digits = precision < 0 ? 6 : precision;
        if (digits > MAX_PRECISION) {
            throw new EvalError("precision too big: " + digits);
        }
        if (Double.isNaN(d) || Double.isInfinite(d)) {
            String word = (Double.isNaN(d) ? "nan" : "inf") + (type == '%' ? "%" : "");
            return Character.isUpperCase(type) ? word.toUpperCase(Locale.ROOT) : word;
        }
        BigDecimal exact = new BigDecimal(type == '%' ? d * 100 : d);
        return switch (type) {
            case 'f', 'F' -> fixed(exact, digits);
            case '%' -> fixed(exact, digits) + "%";
            case 'e' -> scientific(exact, digits);
            case 'E' -> scientific(exact, digits).toUpperCase(Locale.ROOT);
            default -> throw new EvalError("format code '" + type + "' is not supported");
        };
    }

    private String fixed(BigDecimal exact, int digits) {
        String s = exact.setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
        int point = s.indexOf('.');
        return point < 0 ? grouped(s) : grouped(s.substring(0, point)) + s.substring(point);
    }

    private static String scientific(BigDecimal exact, int digits) {
        int exponent = exact.signum() == 0 ? 0 : exact.precision() - exact.scale() - 1;
        BigDecimal mantissa = exact.movePointLeft(exponent).setScale(digits, RoundingMode.HALF_EVEN);
        if (mantissa.compareTo(BigDecimal.TEN) >= 0) {
            mantissa = mantissa.movePointLeft(1).setScale(digits, RoundingMode.HALF_EVEN);
            exponent++;
        }
        return mantissa.toPlainString() + "e" + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    private Text pad(Frame frame, Text text, char where) {
        return pad(frame, text, width, Text.plain(Character.toString(fill)), where);
    }

    /** Pads to {@code width} code points; {@code ^} centres with the odd one on the right. */
    static Text pad(Frame frame, Text text, long width, Text fill, char where) {
        long missing = width - text.codePoints();
        if (missing <= 0) {
            return text;
        }
        long left = where == '<' ? 0 : where == '>' ? missing : missing / 2;
        return frame.builder().repeat(fill, left).append(text).repeat(fill, missing - left).toText();
    }
}
