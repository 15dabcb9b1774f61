package dev.m1.chat.jinja;

import java.util.Iterator;

/** What {@code dict.keys()}, {@code .values()} and {@code .items()} return. */
record DictView(DictValue dict, Kind kind) implements Iterable<Object> {
    enum Kind {
        KEYS("dict_keys"),
        VALUES("dict_values"),
        ITEMS("dict_items");

        final String typeName;

        Kind(String typeName) {
            this.typeName = typeName;
        }
    }

    int size() {
        return dict.size();
    }

    @Override
    public Iterator<Object> iterator() {
        Iterator<DictValue.Entry> entries = dict.entries().iterator();
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return entries.hasNext();
            }

            @Override
            public Object next() {
                DictValue.Entry e = entries.next();
                return switch (kind) {
                    case KEYS -> e.key();
                    case VALUES -> e.value();
                    case ITEMS -> TupleValue.of(e.key(), e.value());
                };
            }
        };
    }
}
