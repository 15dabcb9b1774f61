package dev.m1.chat.jinja;

import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * A lazy sequence that can be walked once: what {@code map}, {@code select} and their like return. It has no length.
 */
final class Generator implements Iterator<Object> {
    private final String typeName;
    private final Iterator<?> source;

    Generator(Iterator<?> source) {
        this("generator", source);
    }

    Generator(String typeName, Iterator<?> source) {
        this.typeName = typeName;
        this.source = source;
    }

    String typeName() {
        return typeName;
    }

    /** A generator whose source, and any complaint about it, comes only when somebody asks for an item. */
    static Generator lazy(Supplier<Iterator<Object>> supplier) {
        return new Generator(new Iterator<>() {
            private Iterator<Object> items;

            @Override
            public boolean hasNext() {
                if (items == null) {
                    items = supplier.get();
                }
                return items.hasNext();
            }

            @Override
            public Object next() {
                return hasNext() ? items.next() : List.of().iterator().next();
            }
        });
    }

    static Generator map(Iterator<Object> source, UnaryOperator<Object> function) {
        return new Generator(new Iterator<>() {
            @Override
            public boolean hasNext() {
                return source.hasNext();
            }

            @Override
            public Object next() {
                return function.apply(source.next());
            }
        });
    }

    static Generator filter(Iterator<Object> source, Predicate<Object> condition) {
        return new Generator(new Iterator<>() {
            private Object next;
            private boolean ready;

            @Override
            public boolean hasNext() {
                while (!ready && source.hasNext()) {
                    next = source.next();
                    ready = condition.test(next);
                }
                return ready;
            }

            @Override
            public Object next() {
                if (!hasNext()) {
                    throw new NoSuchElementException();
                }
                ready = false;
                return next;
            }
        });
    }

    @Override
    public boolean hasNext() {
        return source.hasNext();
    }

    @Override
    public Object next() {
        return source.next();
    }
}
