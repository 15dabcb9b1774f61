package dev.m1.chat.jinja;

import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Functions that every template can call. */
final class Globals {
    private Globals() {}

    /** A fresh scope: templates may hide these names but not change them. */
    static Scope scope() {
        Map<String, Object> functions = new HashMap<>();
        put(functions, "range", Globals::range);
        put(functions, "dict", Globals::dict);
        put(functions, "namespace", (f, a) -> new NamespaceValue(dict(f, a)));
        put(functions, "raise_exception", (f, a) -> {
            throw new EvalError(Printer.str(f, a.bind("raise_exception", 1, "message")[0]).string());
        });
        put(functions, "strftime_now", (f, a) -> {
            Text format = Types.toText(a.bind("strftime_now", 1, "format")[0], "strftime_now format");
            return Text.plain(Strftime.format(format.string(), f.clock));
        });
        for (String name : List.of("lipsum", "cycler", "joiner", "self")) {
            put(functions, name, (f, a) -> {
                throw new EvalError("'" + name + "' is not supported");
            });
        }
        return new Scope(null, functions);
    }

    private static void put(Map<String, Object> functions, String name, CallableValue function) {
        functions.put(name, function);
    }

    private static Object range(Frame f, Args args) {
        Object[] a = args.bindPositional("range", 1, 3);
        long first = Types.toLong(a[0], "range() argument");
        if (a[1] == Args.ABSENT) {
            return RangeValue.of(0, first, 1);
        }
        return RangeValue.of(first, Types.toLong(a[1], "range() argument"),
                Types.toLong(Args.or(a[2], 1L), "range() argument"));
    }

    private static DictValue dict(Frame f, Args args) {
        DictValue dict = new DictValue();
        if (args.positional().size() > 1) {
            throw new EvalError("dict expected at most 1 argument, got " + args.positional().size());
        }
        if (!args.positional().isEmpty()) {
            Object source = args.positional().get(0);
            if (source instanceof DictValue other) {
                f.budget.steps(other.size());
                dict.putAll(other);
            } else {
                pairs(f, source, dict);
            }
        }
        args.named().forEach((name, value) -> dict.put(Text.plain(name), value));
        return dict;
    }

    private static void pairs(Frame f, Object source, DictValue dict) {
        for (Iterator<Object> it = Types.iterate(f, source); it.hasNext();) {
            Object pair = it.next();
            Iterator<Object> parts = Types.iterate(f, pair);
            if (Types.length(pair) != 2) {
                throw new EvalError("dict() needs a mapping or pairs");
            }
            Object key = parts.next();
            dict.put(key, parts.next());
        }
    }
}
