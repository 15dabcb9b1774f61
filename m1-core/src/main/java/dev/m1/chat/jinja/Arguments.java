package dev.m1.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The arguments as written.
 *
 * @param positional in order
 * @param named keyword arguments in order
 * @param star expression after {@code *}, or null
 * @param doubleStar expression after {@code **}, or null
 */
record Arguments(List<Expr> positional, Map<String, Expr> named, Expr star, Expr doubleStar) {
    static final Arguments NONE = new Arguments(List.of(), Map.of(), null, null);

    Args eval(Frame f) {
        if (this == NONE) {
            return Args.NONE;
        }
        List<Object> values = new ArrayList<>(positional.size());
        for (Expr e : positional) {
            values.add(f.eval(e));
        }
        if (star != null) {
            for (Iterator<Object> it = Types.iterate(f, f.eval(star)); it.hasNext();) {
                values.add(it.next());
            }
        }
        Map<String, Object> byName = new LinkedHashMap<>();
        named.forEach((name, e) -> byName.put(name, f.eval(e)));
        if (doubleStar != null) {
            if (!(f.eval(doubleStar) instanceof DictValue dict)) {
                throw new EvalError("argument after ** must be a mapping");
            }
            for (DictValue.Entry e : dict.entries()) {
                String name = Types.toText(e.key(), "keyword").string();
                if (byName.containsKey(name)) {
                    throw new EvalError("got multiple values for keyword argument '" + name + "'");
                }
                byName.put(name, e.value());
            }
        }
        return new Args(values, byName);
    }
}
