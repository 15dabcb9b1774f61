package dev.m1.chat.jinja;

import java.math.BigInteger;
import java.util.Iterator;
import java.util.List;

/**
 * What kinds of values there are: null (None), Boolean, Long or BigInteger (int), Double (float), {@link Text} (str),
 * {@link SequenceValue}s, {@link DictValue}, {@link DictView}, {@link Generator}, {@link NamespaceValue},
 * {@link CallableValue}s, {@link Undefined}. No other Java object ever reaches a template, and nothing is found by
 * reflection.
 */
final class Types {
    private Types() {}

    static String name(Object value) {
        return switch (value) {
            case null -> "NoneType";
            case Text t -> t.safe() ? "Markup" : "str";
            case Boolean b -> "bool";
            case Double d -> "float";
            case Number n -> "int";
            case ListValue l -> "list";
            case TupleValue t -> "tuple";
            case RangeValue r -> "range";
            case DictValue d -> "dict";
            case DictView v -> v.kind().typeName;
            case Generator g -> g.typeName();
            case Undefined u -> "Undefined";
            case NamespaceValue n -> "Namespace";
            case MacroValue m -> "Macro";
            case LoopValue l -> "LoopContext";
            default -> "builtin_function_or_method";
        };
    }

    static boolean truth(Object value) {
        return switch (value) {
            case null -> false;
            case Boolean b -> b;
            case Text t -> !t.isEmpty();
            case Long n -> n != 0;
            case Double d -> d != 0;
            case SequenceValue s -> s.size() > 0;
            case DictValue d -> d.size() > 0;
            case DictView v -> v.size() > 0;
            case Undefined u -> false;
            default -> true;
        };
    }

    /** {@code len()}, or -1 where Python has none. */
    static int length(Object value) {
        return switch (value) {
            case Text t -> t.codePoints();
            case SequenceValue s -> s.size();
            case DictValue d -> d.size();
            case DictView v -> v.size();
            case Undefined u -> 0;
            case LoopValue l -> l.length();
            case null, default -> -1;
        };
    }

    static boolean isIterable(Object value) {
        return value instanceof Generator || value instanceof LoopValue || length(value) >= 0;
    }

    /** Walks a value as {@code for} does; every item costs a step. */
    static Iterator<Object> iterate(Frame frame, Object value) {
        Iterator<?> items = switch (value) {
            case Text t -> characters(frame, t);
            case SequenceValue s -> s.iterator();
            case DictValue d -> new DictView(d, DictView.Kind.KEYS).iterator();
            case DictView v -> v.iterator();
            case Generator g -> g;
            case Undefined u -> List.of().iterator();
            case LoopValue l -> throw new EvalError("iterating over 'loop' is not supported");
            case null, default -> throw new EvalError("'" + name(value) + "' object is not iterable");
        };
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return items.hasNext();
            }

            @Override
            public Object next() {
                frame.budget.step();
                return items.next();
            }
        };
    }

    private static Iterator<Object> characters(Frame frame, Text text) {
        return new Iterator<>() {
            private int at;

            @Override
            public boolean hasNext() {
                return at < text.length();
            }

            @Override
            public Object next() {
                int end = at + Character.charCount(text.string().codePointAt(at));
                Text c = text.slice(at, end).withSafe(false);
                at = end;
                frame.budget.steps(3); // an object of some 100 bytes for one character
                return c;
            }
        };
    }

    static boolean isInteger(Object value) {
        return value instanceof Long || value instanceof BigInteger;
    }

    /** A Python int or bool that must fit Java's int. */
    static int toInt(Object value, String what) {
        long n = toLong(value, what);
        if (n != (int) n) {
            throw new EvalError(what + " is too large: " + n);
        }
        return (int) n;
    }

    static long toLong(Object value, String what) {
        return switch (value) {
            case Boolean b -> b ? 1 : 0;
            case Long n -> n;
            case BigInteger n -> throw new EvalError(what + " is too large");
            case Undefined u -> throw u.error();
            case null, default -> throw new EvalError(what + " must be an integer, not " + name(value));
        };
    }

    static Text toText(Object value, String what) {
        if (value instanceof Text t) {
            return t;
        }
        throw new EvalError(what + " must be str, not " + name(value));
    }
}
