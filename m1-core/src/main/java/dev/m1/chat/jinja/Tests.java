package dev.m1.chat.jinja;

import java.util.HashMap;
import java.util.Map;

/** The tests behind {@code is}. */
final class Tests {
    private static final Map<String, TestFunction> ALL = all();

    private Tests() {}

    private interface TestFunction {
        boolean test(Frame f, Object value, Args args);
    }

    private interface Simple {
        boolean test(Object value);
    }

    static boolean exists(String name) {
        return ALL.containsKey(name);
    }

    static String unknown(String name) {
        return "No test named '" + name + "'.";
    }

    static boolean test(Frame f, String name, Object value, Args args) {
        TestFunction function = ALL.get(name);
        if (function == null) {
            throw new EvalError(unknown(name));
        }
        return function.test(f, value, args);
    }

    private static Map<String, TestFunction> all() {
        Map<String, TestFunction> m = new HashMap<>();
        simple(m, "defined", v -> !(v instanceof Undefined));
        simple(m, "undefined", v -> v instanceof Undefined);
        simple(m, "none", v -> v == null);
        simple(m, "boolean", v -> v instanceof Boolean);
        simple(m, "true", v -> Boolean.TRUE.equals(v));
        simple(m, "false", v -> Boolean.FALSE.equals(v));
        simple(m, "integer", Types::isInteger);
        simple(m, "float", v -> v instanceof Double);
        simple(m, "number", Numbers::isNumber);
        simple(m, "string", v -> v instanceof Text);
        simple(m, "mapping", v -> v instanceof DictValue);
        simple(m, "sequence", Tests::isSequence);
        simple(m, "iterable", Types::isIterable);
        simple(m, "callable", v -> v instanceof CallableValue || v instanceof Undefined);
        simple(m, "escaped", v -> v instanceof Text t && t.safe());
        m.put("lower", (f, v, a) -> none(a, "lower", CharTest.LOWER.test(f, Printer.str(f, v))));
        m.put("upper", (f, v, a) -> none(a, "upper", CharTest.UPPER.test(f, Printer.str(f, v))));
        m.put("odd", (f, v, a) -> none(a, "odd", remainder(f, v, 2L, 1L)));
        m.put("even", (f, v, a) -> none(a, "even", remainder(f, v, 2L, 0L)));
        m.put("divisibleby", (f, v, a) -> remainder(f, v, a.bind("divisibleby", 1, "num")[0], 0L));
        m.put("filter", (f, v, a) -> none(a, "filter", v instanceof Text t && Filters.exists(t.string())));
        m.put("test", (f, v, a) -> none(a, "test", v instanceof Text t && exists(t.string())));
        m.put("in", (f, v, a) -> Comparison.contains(f, a.bind("in", 1, "seq")[0], v));
        m.put("sameas", (f, v, a) -> same(v, a.bind("sameas", 1, "other")[0]));
        compare(m, "==", "eq", "equalto", "==");
        compare(m, "!=", "ne", "!=");
        compare(m, ">", "gt", "greaterthan", ">");
        compare(m, ">=", "ge", ">=");
        compare(m, "<", "lt", "lessthan", "<");
        compare(m, "<=", "le", "<=");
        return Map.copyOf(m);
    }

    private static void simple(Map<String, TestFunction> m, String name, Simple test) {
        m.put(name, (f, v, a) -> none(a, name, test.test(v)));
    }

    private static void compare(Map<String, TestFunction> m, String op, String... names) {
        for (String name : names) {
            m.put(name, (f, v, a) -> Comparison.test(f, op, v, a.bindPositional(name, 1, 1)[0]));
        }
    }

    private static boolean none(Args args, String name, boolean result) {
        args.bind(name, 0);
        return result;
    }

    private static boolean remainder(Frame f, Object value, Object divisor, long wanted) {
        return Comparison.equal(f, Operators.apply(f, "%", value, divisor), wanted);
    }

    /** Has a length and items: also true for mappings, strings and undefined values. */
    private static boolean isSequence(Object value) {
        return Types.length(value) >= 0 && !(value instanceof DictView) && !(value instanceof LoopValue);
    }

    /** Identity; numbers and strings of the same type and value count as one object. */
    private static boolean same(Object a, Object b) {
        if (a == b) {
            return true;
        }
        boolean constant = a instanceof Number || a instanceof Text || a instanceof Boolean;
        return constant && Types.name(a).equals(Types.name(b)) && a.equals(b);
    }
}
