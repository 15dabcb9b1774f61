package dev.m1.chat.jinja;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Filters that compare: {@code sort}, {@code unique}, {@code min}, {@code max}, {@code groupby}, {@code dictsort}. */
final class OrderFilters {
    private OrderFilters() {}

    static void register(Map<String, Filters.Filter> all) {
        all.put("sort", OrderFilters::sort);
        all.put("unique", (f, v, a) -> Generator.lazy(() -> unique(f, v, a)));
        all.put("min", (f, v, a) -> extreme(f, v, a.bind("min", 0, "case_sensitive", "attribute"), false));
        all.put("max", (f, v, a) -> extreme(f, v, a.bind("max", 0, "case_sensitive", "attribute"), true));
        all.put("groupby", OrderFilters::groupBy);
        all.put("dictsort", OrderFilters::dictSort);
    }

    private static Object key(Frame f, Object value, boolean caseSensitive) {
        return caseSensitive ? value : AttributePath.ignoreCase(f, value);
    }

    private static Object sort(Frame f, Object value, Args args) {
        Object[] a = args.bind("sort", 0, "reverse", "case_sensitive", "attribute");
        boolean caseSensitive = Types.truth(Args.or(a[1], false));
        Object attribute = Args.or(a[2], null);
        List<AttributePath> paths = new ArrayList<>();
        if (attribute instanceof Text text) {
            for (String part : text.string().split(",", -1)) {
                paths.add(new AttributePath(Text.plain(part)));
            }
        } else {
            paths.add(new AttributePath(attribute));
        }
        List<Object> items = SequenceFilters.toList(f, value);
        Sorting.sort(f, items, item -> {
            List<Object> keys = new ArrayList<>(paths.size());
            for (AttributePath path : paths) {
                keys.add(key(f, path.get(f, item), caseSensitive));
            }
            return new ListValue(keys);
        }, Types.truth(Args.or(a[0], false)));
        return new ListValue(items);
    }

    private static Iterator<Object> unique(Frame f, Object value, Args args) {
        Object[] a = args.bind("unique", 0, "case_sensitive", "attribute");
        boolean caseSensitive = Types.truth(Args.or(a[0], false));
        AttributePath path = new AttributePath(Args.or(a[1], null));
        Set<Object> seen = new HashSet<>();
        return Generator.filter(Types.iterate(f, value),
                item -> seen.add(HashKey.of(key(f, path.get(f, item), caseSensitive))));
    }

    private static Object extreme(Frame f, Object value, Object[] a, boolean max) {
        boolean caseSensitive = Types.truth(Args.or(a[0], false));
        AttributePath path = new AttributePath(Args.or(a[1], null));
        Iterator<Object> it = Types.iterate(f, value);
        if (!it.hasNext()) {
            return new Undefined("No aggregated item, sequence was empty.");
        }
        Object best = it.next();
        Object bestKey = key(f, path.get(f, best), caseSensitive);
        while (it.hasNext()) {
            Object item = it.next();
            Object key = key(f, path.get(f, item), caseSensitive);
            if (Comparison.test(f, max ? ">" : "<", key, bestKey)) {
                best = item;
                bestKey = key;
            }
        }
        return best;
    }

    private static Object groupBy(Frame f, Object value, Args args) {
        Object[] a = args.bind("groupby", 1, "attribute", "default", "case_sensitive");
        AttributePath path = new AttributePath(a[0]);
        Object fallback = Args.or(a[1], null);
        boolean caseSensitive = Types.truth(Args.or(a[2], false));
        List<Object> items = SequenceFilters.toList(f, value);
        Sorting.sort(f, items, item -> key(f, path.get(f, item, fallback), caseSensitive), false);
        List<Object> groups = new ArrayList<>();
        List<Object> group = null;
        Object groupKey = null;
        for (Object item : items) {
            Object key = key(f, path.get(f, item, fallback), caseSensitive);
            if (group == null || !Comparison.equal(f, key, groupKey)) {
                group = new ArrayList<>();
                groupKey = key;
                groups.add(TupleValue.group(path.get(f, item, fallback), new ListValue(group)));
            }
            group.add(item);
        }
        return new ListValue(groups);
    }

    private static Object dictSort(Frame f, Object value, Args args) {
        Object[] a = args.bind("dictsort", 0, "case_sensitive", "by", "reverse");
        boolean caseSensitive = Types.truth(Args.or(a[0], false));
        String by = Types.toText(Args.or(a[1], Text.plain("key")), "dictsort by").string();
        if (!by.equals("key") && !by.equals("value")) {
            throw new EvalError("You can only sort by either \"key\" or \"value\"");
        }
        if (value instanceof Undefined u) {
            throw u.error();
        }
        if (!(value instanceof DictValue dict)) {
            throw new EvalError("'" + Types.name(value) + "' object has no attribute 'items'");
        }
        List<Object> items = SequenceFilters.toList(f, new DictView(dict, DictView.Kind.ITEMS));
        int part = by.equals("key") ? 0 : 1;
        Sorting.sort(f, items, item -> key(f, ((TupleValue) item).get(part), caseSensitive),
                Types.truth(Args.or(a[2], false)));
        return new ListValue(items);
    }
}
