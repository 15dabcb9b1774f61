package dev.m1.chat.jinja;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Python's dict, in insertion order; keys keep their marks, and 1, 1.0 and True are one key. */
final class DictValue {
    private final Map<Object, Entry> entries = new LinkedHashMap<>();

    /** A key as it was given first, with its present value. */
    record Entry(Object key, Object value) {}

    /** For building only: a dict that a template holds does not change. */
    void put(Object key, Object value) {
        Object hash = HashKey.of(key);
        Entry old = entries.get(hash);
        entries.put(hash, new Entry(old == null ? key : old.key(), value));
    }

    void putAll(DictValue other) {
        for (Entry e : other.entries()) {
            put(e.key(), e.value());
        }
    }

    /** The entry of a key, or null. */
    Entry find(Object key) {
        return entries.get(HashKey.of(key));
    }

    Entry find(String key) {
        return entries.get(key);
    }

    int size() {
        return entries.size();
    }

    Collection<Entry> entries() {
        return entries.values();
    }

    List<Object> keys() {
        List<Object> keys = new ArrayList<>(size());
        for (Entry e : entries()) {
            keys.add(e.key());
        }
        return keys;
    }
}
