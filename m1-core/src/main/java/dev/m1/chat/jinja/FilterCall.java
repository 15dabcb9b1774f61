package dev.m1.chat.jinja;

import java.util.List;

/** A filter as written: {@code |join(", ")}. */
record FilterCall(String name, Arguments arguments, int line) {
    Object apply(Frame f, Object value) {
        Args args = arguments.eval(f);
        f.line = line;
        return Filters.apply(f, name, value, args);
    }

    static Object applyAll(Frame f, List<FilterCall> filters, Object value) {
        Object result = value;
        for (FilterCall filter : filters) {
            result = filter.apply(f, result);
        }
        return result;
    }
}
