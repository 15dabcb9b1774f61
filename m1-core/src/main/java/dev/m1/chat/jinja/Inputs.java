package dev.m1.chat.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiPredicate;

/**
 * Turns what a caller passes into values a template can hold: strings, numbers, booleans, null, lists and maps with
 * string keys. Everything else is refused, so that no other Java object can be reached from a template.
 */
public final class Inputs {
    /** Python's own JSON writer and reader give up at about 1000; nobody nests a tool description like this. */
    private static final int MAX_DEPTH = 200;

    private static final long MAX_VALUES = 10_000_000;

    private final BiPredicate<String, String> trusted;
    private long values;

    /** @param trusted tells by path ({@code messages[].role}) and string which strings count as text of the template */
    public Inputs(BiPredicate<String, String> trusted) {
        this.trusted = trusted;
    }

    /**
     * Converts one variable.
     *
     * @param path where the value stands, with {@code []} for any index: for messages and for {@code trusted}
     * @throws IllegalArgumentException for a value of another type, a key that is no string, or nesting beyond any use
     */
    public Object convert(String path, Object value) {
        return convert(path, value, 0);
    }

    private Object convert(String path, Object value, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested more than " + MAX_DEPTH + " levels deep: " + shorten(path));
        }
        if (++values > MAX_VALUES) {
            throw new IllegalArgumentException("more than " + MAX_VALUES + " values in the context: " + shorten(path));
        }
        return switch (value) {
            case null -> null;
            case Boolean b -> b;
            case String s -> trusted.test(path, s) ? Text.plain(s) : Text.literal(s);
            case List<?> list -> {
                List<Object> items = new ArrayList<>(list.size());
                String itemPath = path + "[]";
                for (Object item : list) {
                    items.add(convert(itemPath, item, depth + 1));
                }
                yield new ListValue(items);
            }
            case Map<?, ?> map -> {
                DictValue dict = new DictValue();
                for (Map.Entry<?, ?> e : map.entrySet()) {
                    if (!(e.getKey() instanceof String key)) {
                        throw new IllegalArgumentException(
                                "keys must be strings, got " + type(e.getKey()) + ": " + shorten(path));
                    }
                    dict.put(Text.literal(key), convert(path + "." + key, e.getValue(), depth + 1));
                }
                yield dict;
            }
            case Number n -> number(path, n);
            default -> throw refused(path, value);
        };
    }

    private static Object number(String path, Number value) {
        return switch (value) {
            case Byte n -> n.longValue();
            case Short n -> n.longValue();
            case Integer n -> n.longValue();
            case Long n -> n;
            case Double d -> d;
            case Float d -> Double.valueOf(d.toString()); // 1.1f means 1.1
            case BigDecimal d -> d.doubleValue();
            case BigInteger n -> {
                try {
                    yield Numbers.narrow(n);
                } catch (EvalError e) {
                    throw new IllegalArgumentException(e.getMessage() + ": " + path, e);
                }
            }
            default -> throw refused(path, value);
        };
    }

    private static IllegalArgumentException refused(String path, Object value) {
        return new IllegalArgumentException("a template cannot hold a " + type(value) + ": " + shorten(path));
    }

    private static String type(Object value) {
        return value == null ? "null" : value.getClass().getName();
    }

    private static String shorten(String path) {
        return path.length() <= 200 ? path : path.substring(0, 200) + "...";
    }
}
