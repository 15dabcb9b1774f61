package dev.m1.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Python's stable sort. */
final class Sorting {
    private Sorting() {}

    static <T> void sort(Frame frame, List<T> items, Function<T, Object> key, boolean reverse) {
        record Keyed<T>(Object key, T item) {}
        List<Keyed<T>> keyed = new ArrayList<>(items.size());
        for (T item : items) {
            keyed.add(new Keyed<>(key.apply(item), item));
        }
        try {
            keyed.sort((a, b) -> {
                Object x = reverse ? b.key() : a.key();
                Object y = reverse ? a.key() : b.key();
                return Comparison.less(frame, x, y) ? -1 : Comparison.less(frame, y, x) ? 1 : 0;
            });
        } catch (IllegalArgumentException e) {
            throw new EvalError("cannot sort values without an order, such as nan");
        }
        for (int i = 0; i < items.size(); i++) {
            items.set(i, keyed.get(i).item());
        }
    }
}
