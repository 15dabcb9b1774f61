package dev.m1.chat.jinja;

import java.util.HashMap;
import java.util.Map;

/** The filters by name. Those of jinja2 that are missing here are for web pages, or random. */
final class Filters {
    private static final Map<String, Filter> ALL = all();

    private Filters() {}

    /** A filter: the value before the {@code |}, and its arguments. */
    interface Filter {
        Object apply(Frame f, Object value, Args args);
    }

    static boolean exists(String name) {
        return ALL.containsKey(name);
    }

    static String unknown(String name) {
        return "No filter named '" + name + "'.";
    }

    static Object apply(Frame f, String name, Object value, Args args) {
        Filter filter = ALL.get(name);
        if (filter == null) {
            throw new EvalError(unknown(name));
        }
        return filter.apply(f, value, args);
    }

    private static Map<String, Filter> all() {
        Map<String, Filter> all = new HashMap<>();
        StringFilters.register(all);
        NumberFilters.register(all);
        SequenceFilters.register(all);
        OrderFilters.register(all);
        SelectFilters.register(all);
        all.put("tojson", Json::filter);
        all.put("default", Filters::fallback);
        all.put("d", Filters::fallback);
        all.put("attr", (f, v, a) ->
                Members.attributeOnly(v, Types.toText(a.bind("attr", 1, "name")[0], "attribute").string()));
        return Map.copyOf(all);
    }

    private static Object fallback(Frame f, Object value, Args args) {
        Object[] a = args.bind("default", 0, "default_value", "boolean");
        boolean use = value instanceof Undefined || Types.truth(Args.or(a[1], false)) && !Types.truth(value);
        return use ? Args.or(a[0], Text.EMPTY) : value;
    }
}
