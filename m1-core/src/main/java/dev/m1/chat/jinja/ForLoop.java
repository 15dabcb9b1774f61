package dev.m1.chat.jinja;

import java.util.Iterator;
import java.util.List;

/**
 * {@code for}.
 *
 * @param filter the {@code if} behind the iterable, or null
 * @param usesLoop whether the body mentions {@code loop}; if not, an outer loop's stays in sight, as in jinja2
 */
record ForLoop(Target target, Expr items, Expr filter, Body body, Body otherwise, boolean recursive, boolean usesLoop,
        int line) implements Stmt {
    /** Statements that run in a scope of their own. */
    record Body(Symbols symbols, List<Stmt> statements) {}

    @Override
    public Flow run(Frame f) {
        loop(f, f.eval(items), 0);
        return Flow.NEXT;
    }

    /** What {@code loop(items)} does in a recursive loop. */
    Text recurse(Frame f, Scope scope, Object items, int depth) {
        Scope callerScope = f.scope;
        TextBuilder callerOut = f.out;
        TextBuilder captured = f.builder();
        f.scope = scope;
        f.out = captured;
        f.budget.enter();
        try {
            loop(f, items, depth);
        } finally {
            f.scope = callerScope;
            f.out = callerOut;
        }
        f.budget.exit();
        return captured.toText();
    }

    private void loop(Frame f, Object iterable, int depth) {
        f.line = line;
        Scope outer = f.scope;
        Iterator<Object> iterator = Types.iterate(f, iterable);
        if (filter != null) {
            iterator = Generator.filter(iterator, item -> accepts(f, outer, item));
        }
        int known = filter == null ? Types.length(iterable) : -1;
        LoopValue state = new LoopValue(this, outer, iterator, known, depth);
        // jinja2 runs the else part unless some iteration got to the end of the body: break and continue do not count.
        boolean completed = false;
        while (state.advance()) {
            Scope inner = body.symbols().open(outer);
            if (usesLoop) {
                inner.set("loop", state);
            }
            f.scope = inner;
            f.line = line;
            target.assign(f, state.current());
            Flow flow = f.run(body.statements());
            f.scope = outer;
            completed |= flow == Flow.NEXT;
            if (flow == Flow.BREAK) {
                break;
            }
        }
        if (!completed) {
            f.runIn(otherwise.symbols().open(outer), otherwise.statements());
        }
    }

    private boolean accepts(Frame f, Scope outer, Object item) {
        Scope saved = f.scope;
        f.scope = new Scope(outer);
        target.assign(f, item);
        boolean accepted = Types.truth(f.eval(filter));
        f.scope = saved;
        return accepted;
    }
}
