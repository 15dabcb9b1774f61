package dev.m1.chat.jinja;

import dev.m1.chat.jinja.BoundMethod.Method;
import java.util.Map;

/** Methods of list, tuple and range that change nothing. */
final class SequenceMethods {
    private static final Map<String, Method<SequenceValue>> METHODS = Map.of(
            "index", SequenceMethods::index,
            "count", SequenceMethods::count,
            "copy", SequenceMethods::copy);

    private SequenceMethods() {}

    static Method<SequenceValue> find(String name) {
        return METHODS.get(name);
    }

    private static Object index(Frame f, SequenceValue self, Args args) {
        Object[] a = args.bindPositional("index", 1, 3);
        long from = start(Args.or(a[1], 0L), self.size());
        long to = Math.min(self.size(), start(Args.or(a[2], (long) self.size()), self.size()));
        for (int i = (int) Math.min(from, self.size()); i < to; i++) {
            if (Comparison.equal(f, self.get(i), a[0])) {
                return (long) i;
            }
        }
        throw new EvalError("value is not in " + Types.name(self));
    }

    private static long start(Object index, int size) {
        long i = Types.toLong(index, "index");
        return i < 0 ? Math.max(0, i + size) : i;
    }

    private static Object count(Frame f, SequenceValue self, Args args) {
        Object wanted = args.bindPositional("count", 1, 1)[0];
        long n = 0;
        for (Object item : self) {
            n += Comparison.equal(f, item, wanted) ? 1 : 0;
        }
        return n;
    }

    private static Object copy(Frame f, SequenceValue self, Args args) {
        args.bindPositional("copy", 0, 0);
        if (!(self instanceof ListValue)) {
            throw new EvalError("'" + Types.name(self) + "' object has no attribute 'copy'");
        }
        return self;
    }
}
