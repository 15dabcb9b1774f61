package dev.m1.chat.jinja;

import java.time.Clock;
import java.util.List;

/**
 * The state of one render: where output goes, which variables are in sight, what may still be used, which line runs.
 */
final class Frame {
    final Budget budget;
    final Clock clock;
    Scope scope;
    TextBuilder out;
    int line = 1;

    Frame(Budget budget, Clock clock, Scope scope) {
        this.budget = budget;
        this.clock = clock;
        this.scope = scope;
        this.out = new TextBuilder(budget);
    }

    TextBuilder builder() {
        return new TextBuilder(budget);
    }

    /** A slice that is paid for: Java copies the characters. */
    Text slice(Text text, int from, int to) {
        int length = Math.max(0, to - from);
        budget.chars(length < text.length() ? length : 0, length);
        return text.slice(from, to);
    }

    Object eval(Expr expr) {
        budget.enter();
        Object value = expr.eval(this);
        budget.exit();
        return value;
    }

    Flow run(List<Stmt> body) {
        for (Stmt stmt : body) {
            budget.enter();
            Flow flow = stmt.run(this);
            budget.exit();
            if (flow != Flow.NEXT) {
                return flow;
            }
        }
        return Flow.NEXT;
    }

    /** Runs in a scope of its own, then returns to the present one. */
    Flow runIn(Scope inner, List<Stmt> body) {
        Scope outer = scope;
        scope = inner;
        try {
            return run(body);
        } finally {
            scope = outer;
        }
    }

    /** Runs in a scope of its own with the output going to {@code into}. */
    Flow capture(TextBuilder into, Scope inner, List<Stmt> body) {
        TextBuilder outer = out;
        out = into;
        try {
            return runIn(inner, body);
        } finally {
            out = outer;
        }
    }
}
