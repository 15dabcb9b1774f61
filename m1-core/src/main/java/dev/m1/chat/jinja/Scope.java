package dev.m1.chat.jinja;

import java.util.HashMap;
import java.util.Map;

/** Variables of one block; a name is looked up here and then outwards, and set here only. */
final class Scope {
    private final Scope parent;
    private final Map<String, Object> variables;

    Scope(Scope parent) {
        this(parent, new HashMap<>());
    }

    Scope(Scope parent, Map<String, Object> variables) {
        this.parent = parent;
        this.variables = variables;
    }

    void set(String name, Object value) {
        variables.put(name, value);
    }

    /** The value (null is Python's None), or an {@link Undefined}. */
    Object get(String name) {
        for (Scope s = this; s != null; s = s.parent) {
            Object value = s.variables.get(name);
            if (value != null || s.variables.containsKey(name)) {
                return value;
            }
        }
        return Undefined.variable(name);
    }
}
