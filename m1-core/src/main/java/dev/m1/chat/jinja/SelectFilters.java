package dev.m1.chat.jinja;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** {@code map}, {@code select}, {@code reject}, {@code selectattr}, {@code rejectattr}: lazy, as in jinja2. */
final class SelectFilters {
    private SelectFilters() {}

    static void register(Map<String, Filters.Filter> all) {
        all.put("map", (f, v, a) -> Generator.lazy(() -> map(f, v, a)));
        all.put("select", (f, v, a) -> Generator.lazy(() -> select(f, v, a, true, false)));
        all.put("reject", (f, v, a) -> Generator.lazy(() -> select(f, v, a, false, false)));
        all.put("selectattr", (f, v, a) -> Generator.lazy(() -> select(f, v, a, true, true)));
        all.put("rejectattr", (f, v, a) -> Generator.lazy(() -> select(f, v, a, false, true)));
    }

    private static Iterator<Object> map(Frame f, Object value, Args args) {
        if (!Types.truth(value)) {
            return List.of().iterator();
        }
        if (args.positional().isEmpty()) {
            return mapAttribute(f, value, args);
        }
        String name = Types.toText(args.positional().get(0), "filter name").string();
        Args rest = args.skip(1);
        return Generator.map(Types.iterate(f, value), item -> Filters.apply(f, name, item, rest));
    }

    private static Iterator<Object> mapAttribute(Frame f, Object value, Args args) {
        Map<String, Object> named = new LinkedHashMap<>(args.named());
        if (!named.containsKey("attribute")) {
            throw new EvalError("map requires a filter argument");
        }
        AttributePath path = new AttributePath(named.remove("attribute"));
        Object fallback = named.remove("default");
        if (!named.isEmpty()) {
            throw new EvalError("Unexpected keyword argument '" + named.keySet().iterator().next() + "'");
        }
        return Generator.map(Types.iterate(f, value), item -> path.get(f, item, fallback));
    }

    private static Iterator<Object> select(Frame f, Object value, Args args, boolean keep, boolean byAttribute) {
        if (!Types.truth(value)) {
            return List.of().iterator();
        }
        int offset = byAttribute ? 1 : 0;
        if (args.positional().size() < offset) {
            throw new EvalError("Missing parameter for attribute name");
        }
        AttributePath path = new AttributePath(byAttribute ? args.positional().get(0) : null);
        Predicate<Object> condition = Types::truth;
        if (args.positional().size() > offset) {
            String name = Types.toText(args.positional().get(offset), "test name").string();
            Args rest = args.skip(offset + 1);
            condition = item -> Tests.test(f, name, item, rest);
        }
        Predicate<Object> test = condition;
        return Generator.filter(Types.iterate(f, value), item -> test.test(path.get(f, item)) == keep);
    }
}
