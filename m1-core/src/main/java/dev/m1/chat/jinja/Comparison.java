package dev.m1.chat.jinja;

import java.util.Iterator;

/** Python's {@code ==}, {@code <} and {@code in}. */
final class Comparison {
    private Comparison() {}

    static boolean equal(Frame frame, Object a, Object b) {
        return equal(frame, a, b, 0);
    }

    private static boolean equal(Frame frame, Object a, Object b, int depth) {
        Budget.checkValueDepth(depth);
        frame.budget.step();
        if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
            return !Numbers.isNaN(a) && !Numbers.isNaN(b) && Numbers.compare(a, b) == 0;
        }
        return switch (a) {
            case Text x -> {
                frame.budget.scan(x.length());
                yield x.equals(b);
            }
            case ListValue x -> b instanceof ListValue y && equalItems(frame, x, y, depth);
            case TupleValue x -> b instanceof TupleValue y && equalItems(frame, x, y, depth);
            case RangeValue x -> b instanceof RangeValue y && equalItems(frame, x, y, depth);
            case DictValue x -> b instanceof DictValue y && equalEntries(frame, x, y, depth);
            case Undefined u -> b instanceof Undefined;
            case DictView v -> b instanceof DictView && unsupported();
            case null -> b == null;
            default -> a == b;
        };
    }

    private static boolean unsupported() {
        throw new EvalError("comparing dict views is not supported");
    }

    private static boolean equalItems(Frame frame, SequenceValue a, SequenceValue b, int depth) {
        boolean same = a.size() == b.size();
        for (int i = 0; same && i < a.size(); i++) {
            same = equal(frame, a.get(i), b.get(i), depth + 1);
        }
        return same;
    }

    private static boolean equalEntries(Frame frame, DictValue a, DictValue b, int depth) {
        if (a.size() != b.size()) {
            return false;
        }
        for (DictValue.Entry e : a.entries()) {
            DictValue.Entry other = b.find(e.key());
            if (other == null || !equal(frame, e.value(), other.value(), depth + 1)) {
                return false;
            }
        }
        return true;
    }

    /** {@code a op b} for one of the six comparison operators. */
    static boolean test(Frame frame, String op, Object a, Object b) {
        return switch (op) {
            case "==" -> equal(frame, a, b);
            case "!=" -> !equal(frame, a, b);
            default -> ordered(frame, op, a, b, 0);
        };
    }

    static boolean less(Frame frame, Object a, Object b) {
        return ordered(frame, "<", a, b, 0);
    }

    private static boolean ordered(Frame frame, String op, Object a, Object b, int depth) {
        Budget.checkValueDepth(depth);
        frame.budget.step();
        if (Numbers.isNumber(a) && Numbers.isNumber(b)) {
            return !Numbers.isNaN(a) && !Numbers.isNaN(b) && holds(op, Numbers.compare(a, b));
        }
        if (a instanceof Text x && b instanceof Text y) {
            frame.budget.scan(Math.min(x.length(), y.length()));
            return holds(op, compare(x.string(), y.string()));
        }
        if (a instanceof ListValue && b instanceof ListValue || a instanceof TupleValue && b instanceof TupleValue) {
            SequenceValue x = (SequenceValue) a;
            SequenceValue y = (SequenceValue) b;
            for (int i = 0; i < Math.min(x.size(), y.size()); i++) {
                if (!equal(frame, x.get(i), y.get(i), depth + 1)) {
                    return ordered(frame, op, x.get(i), y.get(i), depth + 1);
                }
            }
            return holds(op, Integer.compare(x.size(), y.size()));
        }
        if (a instanceof Undefined u) {
            throw u.error();
        }
        if (b instanceof Undefined u) {
            throw u.error();
        }
        throw new EvalError("'" + op + "' not supported between instances of '" + Types.name(a) + "' and '"
                + Types.name(b) + "'");
    }

    private static boolean holds(String op, int sign) {
        return switch (op) {
            case "<" -> sign < 0;
            case "<=" -> sign <= 0;
            case ">" -> sign > 0;
            case ">=" -> sign >= 0;
            default -> throw new IllegalStateException(op);
        };
    }

    /** By code points; Java's own order is by UTF-16 units, which puts U+1F600 before U+FFFD. */
    private static int compare(String a, String b) {
        int n = Math.min(a.length(), b.length());
        for (int i = 0; i < n; i++) {
            char x = a.charAt(i);
            char y = b.charAt(i);
            if (x != y) {
                return Character.isSurrogate(x) == Character.isSurrogate(y)
                        ? Character.compare(x, y)
                        : Character.isSurrogate(x) ? 1 : -1;
            }
        }
        return Integer.compare(a.length(), b.length());
    }

    /** {@code item in container}. */
    static boolean contains(Frame frame, Object container, Object item) {
        switch (container) {
            case Text t -> {
                if (!(item instanceof Text part)) {
                    throw new EvalError("'in <string>' requires string as left operand, not " + Types.name(item));
                }
                return Search.indexOf(frame, t.string(), part.string(), 0) >= 0;
            }
            case DictValue d -> {
                return d.find(item) != null;
            }
            case null -> throw notIterable(null);
            default -> {
                if (!Types.isIterable(container)) {
                    throw notIterable(container);
                }
                for (Iterator<Object> it = Types.iterate(frame, container); it.hasNext();) {
                    if (equal(frame, it.next(), item)) {
                        return true;
                    }
                }
                return false;
            }
        }
    }

    private static EvalError notIterable(Object container) {
        return new EvalError("argument of type '" + Types.name(container) + "' is not iterable");
    }
}
