package dev.m1.chat.jinja;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** Turns a value into one whose Java {@code equals} and {@code hashCode} agree with Python's equality. */
final class HashKey {
    private enum Special {
        NONE,
        UNDEFINED
    }

    private HashKey() {}

    static Object of(Object value) {
        return of(value, 0);
    }

    private static Object of(Object value, int depth) {
        Budget.checkValueDepth(depth);
        return switch (value) {
            case null -> Special.NONE;
            case Text t -> t.string();
            case Boolean b -> b ? 1L : 0L;
            case Double d -> ofDouble(d);
            case Number n -> n;
            case TupleValue t -> {
                List<Object> keys = new ArrayList<>(t.size());
                for (Object item : t) {
                    keys.add(of(item, depth + 1));
                }
                yield keys;
            }
            case Undefined u -> Special.UNDEFINED;
            case RangeValue r -> List.of("range", r.size(), r.size() > 0 ? r.start() : 0, r.size() > 1 ? r.step() : 0);
            case ListValue l -> throw unhashable(value);
            case DictValue d -> throw unhashable(value);
            case DictView v -> throw unhashable(value);
            default -> value; // macros, functions, loops: by identity
        };
    }

    private static Object ofDouble(double d) {
        boolean whole = d == Math.rint(d) && !Double.isInfinite(d);
        return whole ? Numbers.narrow(new BigDecimal(d).toBigInteger()) : (Object) d;
    }

    private static EvalError unhashable(Object value) {
        return new EvalError("unhashable type: '" + Types.name(value) + "'");
    }
}
