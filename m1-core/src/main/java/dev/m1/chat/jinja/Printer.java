package dev.m1.chat.jinja;

import java.math.BigDecimal;
import java.math.MathContext;

/** Python's {@code str()} and {@code repr()}. */
final class Printer {
    private Printer() {}

    static Text str(Frame frame, Object value) {
        if (value instanceof Text text) {
            return text;
        }
        if (value instanceof Undefined) {
            return Text.EMPTY;
        }
        return repr(frame, value);
    }

    static Text repr(Frame frame, Object value) {
        TextBuilder out = frame.builder();
        repr(frame, out, value, 0);
        return out.toText();
    }

    private static void repr(Frame frame, TextBuilder out, Object value, int depth) {
        Budget.checkValueDepth(depth);
        frame.budget.step();
        switch (value) {
            case null -> out.append("None");
            case Boolean b -> out.append(b ? "True" : "False");
            case Double d -> out.append(number(d));
            case Number n -> out.append(n.toString());
            case Text t -> quote(out, t);
            case ListValue l -> items(frame, out, "[", l, "]", depth);
            case TupleValue t -> items(frame, out, "(", t, t.size() == 1 ? ",)" : ")", depth);
            case RangeValue r -> out.append("range(" + r.start() + ", " + r.stop()
                    + (r.step() == 1 ? ")" : ", " + r.step() + ")"));
            case DictValue d -> dict(frame, out, d, depth);
            case DictView v -> items(frame, out, v.kind().typeName + "([", v, "])", depth);
            case Undefined u -> out.append("Undefined");
            case NamespaceValue n -> {
                out.append("<Namespace ");
                dict(frame, out, n.attributes(), depth);
                out.append(">");
            }
            case MacroValue m -> out.append(m.name() == null ? "<Macro anonymous>" : "<Macro '" + m.name() + "'>");
            case LoopValue l -> out.append("<LoopContext " + l.index() + "/" + l.length() + ">");
            default -> throw new EvalError("printing a " + Types.name(value) + " is not supported");
        }
    }

    private static void items(Frame f, TextBuilder out, String open, Iterable<Object> items, String close, int depth) {
        out.append(open);
        boolean first = true;
        for (Object item : items) {
            if (!first) {
                out.append(", ");
            }
            first = false;
            repr(f, out, item, depth + 1);
        }
        out.append(close);
    }

    private static void dict(Frame frame, TextBuilder out, DictValue dict, int depth) {
        out.append('{');
        boolean first = true;
        for (DictValue.Entry e : dict.entries()) {
            if (!first) {
                out.append(", ");
            }
            first = false;
            repr(frame, out, e.key(), depth + 1);
            out.append(": ");
            repr(frame, out, e.value(), depth + 1);
        }
        out.append('}');
    }

    private static void quote(TextBuilder out, Text text) {
        String s = text.string();
        char quote = s.indexOf('\'') >= 0 && s.indexOf('"') < 0 ? '"' : '\'';
        out.append(text.safe() ? "Markup(" + quote : String.valueOf(quote));
        int done = 0;
        for (int i = 0; i < s.length();) {
            int c = s.codePointAt(i);
            String escape = escape(c, quote);
            int next = i + Character.charCount(c);
            if (escape != null) {
                out.append(text, done, i).append(escape, text.literalAt(i));
                done = next;
            }
            i = next;
        }
        out.append(text, done, s.length()).append(text.safe() ? quote + ")" : String.valueOf(quote));
    }

    private static String escape(int c, char quote) {
        return switch (c) {
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            default -> {
                if (c == quote) {
                    yield "\\" + quote;
                }
                if (Chars.isPrintable(c)) {
                    yield null;
                }
                yield c < 256 ? "\\x%02x".formatted(c) : c < 0x10000 ? "\\u%04x".formatted(c) : "\\U%08x".formatted(c);
            }
        };
    }

    /** Python's shortest digits that read back as the same double, in its choice of plain or exponent form. */
    static String number(double d) {
        if (Double.isNaN(d)) {
            return "nan";
        }
        if (Double.isInfinite(d)) {
            return d > 0 ? "inf" : "-inf";
        }
        String sign = d < 0 || 1 / d < 0 ? "-" : "";
        if (d == 0) {
            return sign + "0.0";
        }
        // Double.toString finds the shortest digits too, but writes them differently.
        BigDecimal decimal = new BigDecimal(Double.toString(Math.abs(d))).stripTrailingZeros();
        BigDecimal shorter = decimal.round(new MathContext(1));
        if (decimal.precision() == 2 && shorter.doubleValue() == Math.abs(d)) {
            decimal = shorter.stripTrailingZeros(); // Java writes two digits at least: 4.9E-324 for Python's 5e-324
        }
        String digits = decimal.unscaledValue().toString();
        int point = digits.length() - decimal.scale(); // position of the decimal point relative to the first digit
        if (point > 16 || point < -3) {
            int exponent = point - 1;
            return sign + digits.charAt(0) + (digits.length() > 1 ? "." + digits.substring(1) : "") + "e"
                    + (exponent < 0 ? "-" : "+") + (Math.abs(exponent) < 10 ? "0" : "") + Math.abs(exponent);
        }
        if (point <= 0) {
            return sign + "0." + "0".repeat(-point) + digits;
        }
        return point >= digits.length()
                ? sign + digits + "0".repeat(point - digits.length()) + ".0"
                : sign + digits.substring(0, point) + "." + digits.substring(point);
    }
}
