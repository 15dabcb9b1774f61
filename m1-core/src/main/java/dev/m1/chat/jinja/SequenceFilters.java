package dev.m1.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/** Filters over sequences that neither sort nor select. */
final class SequenceFilters {
    private SequenceFilters() {}

    static void register(Map<String, Filters.Filter> all) {
        all.put("length", (f, v, a) -> length(f, v, a));
        all.put("count", (f, v, a) -> length(f, v, a));
        all.put("list", (f, v, a) -> {
            a.bind("list", 0);
            return new ListValue(toList(f, v));
        });
        all.put("first", (f, v, a) -> {
            a.bind("first", 0);
            Iterator<Object> it = Types.iterate(f, v);
            return it.hasNext() ? it.next() : new Undefined("No first item, sequence was empty.");
        });
        all.put("last", SequenceFilters::last);
        all.put("reverse", SequenceFilters::reverse);
        all.put("items", SequenceFilters::items);
        all.put("sum", SequenceFilters::sum);
        all.put("batch", (f, v, a) -> Generator.lazy(() -> batch(f, v, a)));
        all.put("slice", (f, v, a) -> Generator.lazy(() -> slice(f, v, a)));
    }

    static List<Object> toList(Frame f, Object value) {
        List<Object> items = new ArrayList<>();
        Types.iterate(f, value).forEachRemaining(items::add);
        return items;
    }

    private static Object length(Frame f, Object value, Args args) {
        args.bind("length", 0);
        f.budget.scan(value instanceof Text t && t.hasPairs() ? t.length() : 0);
        int length = Types.length(value);
        if (length < 0) {
            throw new EvalError("object of type '" + Types.name(value) + "' has no len()");
        }
        return (long) length;
    }

    private static Object last(Frame f, Object value, Args args) {
        args.bind("last", 0);
        if (value instanceof Text t && !t.isEmpty()) {
            return t.slice(t.length() - Character.charCount(t.string().codePointBefore(t.length())), t.length());
        }
        if (value instanceof Generator || !Types.isIterable(value)) {
            throw new EvalError("'" + Types.name(value) + "' object is not reversible");
        }
        List<Object> items = toList(f, value);
        return items.isEmpty() ? new Undefined("No last item, sequence was empty.") : items.get(items.size() - 1);
    }

    private static Object reverse(Frame f, Object value, Args args) {
        args.bind("reverse", 0);
        if (value instanceof Text) {
            return Members.slice(f, value, null, null, -1L);
        }
        List<Object> items = toList(f, value);
        Collections.reverse(items);
        return value instanceof Generator
                ? new ListValue(items)
                : new Generator("list_reverseiterator", items.iterator());
    }

    private static Object items(Frame f, Object value, Args args) {
        args.bind("items", 0);
        return Generator.lazy(() -> switch (value) {
            case Undefined u -> Types.iterate(f, u);
            case DictValue d -> new DictView(d, DictView.Kind.ITEMS).iterator();
            case null, default -> throw new EvalError("Can only get item pairs from a mapping.");
        });
    }

    private static Object sum(Frame f, Object value, Args args) {
        Object[] a = args.bind("sum", 0, "attribute", "start");
        AttributePath path = new AttributePath(Args.or(a[0], null));
        Object sum = Args.or(a[1], 0L);
        if (sum instanceof Text) {
            throw new EvalError("sum() can't sum strings");
        }
        for (Iterator<Object> it = Types.iterate(f, value); it.hasNext();) {
            sum = Operators.apply(f, "+", sum, path.get(f, it.next()));
        }
        return sum;
    }

    private static Iterator<Object> batch(Frame f, Object value, Args args) {
        Object[] a = args.bind("batch", 1, "linecount", "fill_with");
        long size = Types.toLong(a[0], "batch linecount");
        Object fill = Args.or(a[1], null);
        List<Object> batches = new ArrayList<>();
        List<Object> batch = new ArrayList<>();
        for (Iterator<Object> it = Types.iterate(f, value); it.hasNext();) {
            if (batch.size() == size) {
                batches.add(new ListValue(batch));
                batch = new ArrayList<>();
            }
            batch.add(it.next());
        }
        if (!batch.isEmpty()) {
            fill(f, batch, fill, size);
            batches.add(new ListValue(batch));
        }
        return batches.iterator();
    }

    private static void fill(Frame f, List<Object> items, Object fill, long size) {
        while (fill != null && items.size() < size) {
            f.budget.step();
            items.add(fill);
        }
    }

    private static Iterator<Object> slice(Frame f, Object value, Args args) {
        Object[] a = args.bind("slice", 1, "slices", "fill_with");
        int slices = Types.toInt(a[0], "slice count");
        Object fill = Args.or(a[1], null);
        List<Object> items = toList(f, value);
        if (slices == 0) {
            throw new EvalError("integer division or modulo by zero");
        }
        List<Object> out = new ArrayList<>();
        int at = 0;
        for (int i = 0; i < slices; i++) {
            f.budget.step();
            boolean longer = i < items.size() % slices;
            int end = at + items.size() / slices + (longer ? 1 : 0);
            List<Object> part = new ArrayList<>(items.subList(at, end));
            if (fill != null && !longer) {
                part.add(fill);
            }
            out.add(new ListValue(part));
            at = end;
        }
        return out.iterator();
    }
}
