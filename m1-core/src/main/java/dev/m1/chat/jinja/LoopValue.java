package dev.m1.chat.jinja;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/**
 * The variable {@code loop}. Items are drawn as late as jinja2 draws them: one ahead for {@code last} and
 * {@code nextitem}.
 */
final class LoopValue implements CallableValue {
    private static final Object NONE = new Object();

    private final ForLoop loop;
    private final Scope scope; // around the loop
    private final int depth0;
    private Iterator<Object> items;
    private int length; // -1 until somebody asks
    private int index0 = -1;
    private Object before = NONE;
    private Object current = NONE;
    private Object after = NONE;
    private List<Object> changed;

    LoopValue(ForLoop loop, Scope scope, Iterator<Object> items, int length, int depth0) {
        this.loop = loop;
        this.scope = scope;
        this.items = items;
        this.length = length;
        this.depth0 = depth0;
    }

    boolean advance() {
        if (!hasNext()) {
            return false;
        }
        before = current;
        current = after == NONE ? items.next() : after;
        after = NONE;
        index0++;
        return true;
    }

    private boolean hasNext() {
        return after != NONE || items.hasNext();
    }

    Object current() {
        return current;
    }

    int index() {
        return index0 + 1;
    }

    int length() {
        if (length < 0) {
            List<Object> rest = new ArrayList<>();
            items.forEachRemaining(rest::add);
            items = rest.iterator();
            length = rest.size() + index() + (after == NONE ? 0 : 1);
        }
        return length;
    }

    private Object peek() {
        if (after == NONE && items.hasNext()) {
            after = items.next();
        }
        return after;
    }

    Object attribute(String name, Object missing) {
        return switch (name) {
            case "index" -> (long) index();
            case "index0" -> (long) index0;
            case "revindex" -> (long) length() - index0;
            case "revindex0" -> (long) length() - index();
            case "first" -> index0 == 0;
            case "last" -> peek() == NONE;
            case "length" -> (long) length();
            case "depth" -> depth0 + 1L;
            case "depth0" -> (long) depth0;
            case "previtem" -> index0 == 0 ? new Undefined("there is no previous item") : before;
            case "nextitem" -> peek() == NONE ? new Undefined("there is no next item") : after;
            case "cycle" -> (CallableValue) (f, args) -> cycle(args);
            case "changed" -> (CallableValue) this::changed;
            default -> missing;
        };
    }

    private Object cycle(Args args) {
        if (!args.named().isEmpty() || args.positional().isEmpty()) {
            throw new EvalError("loop.cycle() needs items to cycle through");
        }
        return args.positional().get(index0 % args.positional().size());
    }

    private Object changed(Frame f, Args args) {
        List<Object> now = args.positional();
        boolean same = changed != null && Comparison.equal(f, new TupleValue(changed), new TupleValue(now));
        changed = now;
        return !same;
    }

    @Override
    public Object call(Frame frame, Args args) {
        Object[] a = args.bind("loop", 1, "iterable");
        if (!loop.recursive()) {
            throw new EvalError("The loop must have the 'recursive' marker to be called recursively.");
        }
        return loop.recurse(frame, scope, a[0], depth0 + 1);
    }
}
