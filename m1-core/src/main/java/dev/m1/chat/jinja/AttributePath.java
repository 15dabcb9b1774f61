package dev.m1.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/** What {@code map(attribute="a.b.0")} and its like look up: items first, parts of digits as indices. */
final class AttributePath {
    private final List<Object> parts = new ArrayList<>();

    /** @param attribute text, an integer, or None for the value itself */
    AttributePath(Object attribute) {
        if (attribute instanceof Text text) {
            for (String part : text.string().split("\\.", -1)) {
                boolean digits = !part.isEmpty() && part.chars().allMatch(c -> c >= '0' && c <= '9');
                parts.add(digits ? (Object) (long) BraceFormat.parseInt(part) : Text.plain(part));
            }
        } else if (attribute != null) {
            parts.add(attribute);
        }
    }

    Object get(Frame f, Object value) {
        return get(f, value, null);
    }

    /** @param fallback used wherever a part is undefined; null for none */
    Object get(Frame f, Object value, Object fallback) {
        Object result = value;
        for (Object part : parts) {
            result = Members.item(f, result, part);
            if (fallback != null && result instanceof Undefined) {
                result = fallback;
            }
        }
        return result;
    }

    /** Text in lower case, other values as they are: how jinja2 compares unless told otherwise. */
    static Object ignoreCase(Frame f, Object value) {
        return value instanceof Text text ? Case.lower(f, text) : value;
    }
}
