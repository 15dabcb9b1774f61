package dev.m1.chat.jinja;

import dev.m1.chat.jinja.BoundMethod.Method;
import java.util.Map;

/** Methods of dict that change nothing. */
final class DictMethods {
    private static final Map<String, Method<DictValue>> METHODS = Map.of(
            "keys", (f, d, a) -> view("keys", d, a, DictView.Kind.KEYS),
            "values", (f, d, a) -> view("values", d, a, DictView.Kind.VALUES),
            "items", (f, d, a) -> view("items", d, a, DictView.Kind.ITEMS),
            "get", DictMethods::get,
            "copy", (f, d, a) -> {
                a.bindPositional("copy", 0, 0);
                return d;
            },
            "fromkeys", (f, d, a) -> {
                throw new EvalError("dict.fromkeys is not supported");
            });

    private DictMethods() {}

    static Method<DictValue> find(String name) {
        return METHODS.get(name);
    }

    private static Object view(String name, DictValue dict, Args args, DictView.Kind kind) {
        args.bindPositional(name, 0, 0);
        return new DictView(dict, kind);
    }

    private static Object get(Frame f, DictValue dict, Args args) {
        Object[] a = args.bindPositional("get", 1, 2);
        DictValue.Entry entry = dict.find(a[0]);
        return entry == null ? Args.or(a[1], null) : entry.value();
    }
}
