package dev.m1.chat.jinja;

import java.util.Arrays;
import java.util.List;

/** Python's tuple. */
final class TupleValue implements SequenceValue {
    private final List<Object> items; // owned
    private final boolean group;

    TupleValue(List<Object> items) {
        this(items, false);
    }

    private TupleValue(List<Object> items, boolean group) {
        this.items = items;
        this.group = group;
    }

    static TupleValue of(Object... items) {
        return new TupleValue(Arrays.asList(items));
    }

    /** What {@code groupby} yields: a pair whose parts are also called {@code grouper} and {@code list}. */
    static TupleValue group(Object grouper, ListValue list) {
        return new TupleValue(Arrays.asList(grouper, list), true);
    }

    boolean isGroup() {
        return group;
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
    public TupleValue slice(long start, long stop, long step, int count) {
        return new TupleValue(ListValue.pick(items, start, step, count));
    }
}
