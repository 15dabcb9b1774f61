package dev.m1.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** Python's list, which nothing changes: the sandbox refuses every mutating method. */
final class ListValue implements SequenceValue {
    private final List<Object> items; // owned

    ListValue(List<Object> items) {
        this.items = items;
    }

    List<Object> items() {
        return items;
    }

    @Override
    public int size() {
        return items.size();
    }

    @Override
    public Object get(int index) {
        return items.get(index);
    }

    @Override
    public ListValue slice(long start, long stop, long step, int count) {
        return new ListValue(pick(items, start, step, count));
    }

    static List<Object> pick(List<Object> items, long start, long step, int count) {
        List<Object> picked = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            picked.add(items.get((int) (start + i * step)));
        }
        return picked;
    }
}
