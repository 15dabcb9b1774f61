package dev.m1.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** The binary operators {@code + - * / // % **} and the string concatenation {@code ~}. */
final class Operators {
    private Operators() {}

    static Object apply(Frame frame, String op, Object a, Object b) {
        if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
            return Numbers.apply(op, a, b);
        }
        // Python asks the left operand first; "..." % undefined formats it.
        if (op.equals("%") && a instanceof Text text) {
            return PercentFormat.format(frame, text, b);
        }
        if (a instanceof Undefined u) {
            throw u.error();
        }
        if (b instanceof Undefined u) {
            throw u.error();
        }
        Object result = switch (op) {
            case "+" -> add(frame, a, b);
            case "*" -> Types.isInteger(b) || b instanceof Boolean
                    ? repeat(frame, a, b)
                    : Types.isInteger(a) || a instanceof Boolean ? repeat(frame, b, a) : null;
            default -> null;
        };
        if (result == null) {
            throw new EvalError("unsupported operand types for " + op + ": '" + Types.name(a) + "' and '"
                    + Types.name(b) + "'");
        }
        return result;
    }

    private static Object add(Frame frame, Object a, Object b) {
        if (a instanceof Text x && b instanceof Text y) {
            return concat(frame, x, y);
        }
        if (a instanceof ListValue x && b instanceof ListValue y) {
            return new ListValue(join(frame, x.items(), y.items()));
        }
        if (a instanceof TupleValue x && b instanceof TupleValue y) {
            return new TupleValue(join(frame, x.items(), y.items()));
        }
        return null;
    }

    private static Text concat(Frame frame, Text a, Text b) {
        boolean safe = a.safe() || b.safe();
        TextBuilder out = frame.builder();
        out.append(safe && !a.safe() ? Html.escape(frame, a) : a);
        out.append(safe && !b.safe() ? Html.escape(frame, b) : b);
        return out.toText().withSafe(safe);
    }

    private static List<Object> join(Frame frame, List<Object> a, List<Object> b) {
        frame.budget.steps((a.size() + b.size()) / 4);
        List<Object> items = new ArrayList<>(a.size() + b.size());
        items.addAll(a);
        items.addAll(b);
        return items;
    }

    private static Object repeat(Frame frame, Object value, Object count) {
        long n = Types.toLong(count, "repeat count");
        return switch (value) {
            case Text t -> frame.builder().repeat(t, n).toText().withSafe(t.safe());
            case ListValue l -> new ListValue(repeat(frame, l.items(), n));
            case TupleValue t -> new TupleValue(repeat(frame, t.items(), n));
            case null, default -> null;
        };
    }

    private static List<Object> repeat(Frame frame, List<Object> items, long n) {
        List<Object> all = new ArrayList<>();
        for (long i = 0; i < n && !items.isEmpty(); i++) {
            frame.budget.steps(items.size());
            all.addAll(items);
        }
        return all;
    }

    /** {@code a ~ b ~ …}; without autoescape this never escapes, unlike {@code +}. */
    static Text concat(Frame frame, List<Object> parts) {
        TextBuilder out = frame.builder();
        for (Object part : parts) {
            out.append(Printer.str(frame, part));
        }
        return out.toText();
    }
}
