package dev.m1.chat.jinja;

import java.util.Iterator;

/** Python's sequences that are not strings. */
sealed interface SequenceValue extends Iterable<Object> permits ListValue, TupleValue, RangeValue {
    int size();

    Object get(int index);

    /**
     * The items at {@code start}, {@code start + step}, … before {@code stop}, {@code count} of them: the same kind.
     */
    SequenceValue slice(long start, long stop, long step, int count);

    @Override
    default Iterator<Object> iterator() {
        return new Iterator<>() {
            private int next;

            @Override
            public boolean hasNext() {
                return next < size();
            }

            @Override
            public Object next() {
                return get(next++);
            }
        };
    }
}
