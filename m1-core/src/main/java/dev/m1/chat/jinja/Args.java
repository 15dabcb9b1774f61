package dev.m1.chat.jinja;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Arguments of a call.
 *
 * @param positional in order; elements may be null (None)
 * @param named keyword arguments in order; values may be null (None)
 */
record Args(List<Object> positional, Map<String, Object> named) {
    static final Args NONE = new Args(List.of(), Map.of());

    /** Stands for a parameter that was not given. */
    static final Object ABSENT = new Object();

    /** Values of the named parameters in their order, {@link #ABSENT} where not given. */
    Object[] bind(String function, int required, String... names) {
        if (positional.size() > names.length) {
            throw new EvalError(function + "() takes at most " + names.length + " arguments, " + positional.size()
                    + " given");
        }
        Object[] values = new Object[names.length];
        Arrays.fill(values, ABSENT);
        for (int i = 0; i < positional.size(); i++) {
            values[i] = positional.get(i);
        }
        for (Map.Entry<String, Object> e : named.entrySet()) {
            int i = Arrays.asList(names).indexOf(e.getKey());
            if (i < 0) {
                throw new EvalError(function + "() got an unexpected keyword argument '" + e.getKey() + "'");
            }
            if (values[i] != ABSENT) {
                throw new EvalError(function + "() got multiple values for argument '" + e.getKey() + "'");
            }
            values[i] = e.getValue();
        }
        for (int i = 0; i < required; i++) {
            if (values[i] == ABSENT) {
                throw new EvalError(function + "() missing required argument '" + names[i] + "'");
            }
        }
        return values;
    }

    /** Positional arguments only, as most of Python's built-in methods want them. */
    Object[] bindPositional(String function, int required, int max) {
        if (!named.isEmpty()) {
            throw new EvalError(function + "() takes no keyword arguments");
        }
        if (positional.size() < required || positional.size() > max) {
            throw new EvalError(function + "() takes " + (required == max ? "" + max : required + " to " + max)
                    + " arguments, " + positional.size() + " given");
        }
        Object[] values = new Object[max];
        Arrays.fill(values, ABSENT);
        for (int i = 0; i < positional.size(); i++) {
            values[i] = positional.get(i);
        }
        return values;
    }

    /** These arguments but the first {@code n} positional ones. */
    Args skip(int n) {
        return new Args(positional.subList(Math.min(n, positional.size()), positional.size()), named);
    }

    static Object or(Object value, Object fallback) {
        return value == ABSENT ? fallback : value;
    }
}
