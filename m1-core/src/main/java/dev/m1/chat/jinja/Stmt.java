package dev.m1.chat.jinja;

import java.util.List;

/** A statement. */
interface Stmt {
    Flow run(Frame f);

    /** Text of the template. */
    record Data(Text text) implements Stmt {
        @Override
        public Flow run(Frame f) {
            f.out.append(text);
            return Flow.NEXT;
        }
    }

    /** {@code {{ value }}}. */
    record Output(Expr value, int line) implements Stmt {
        @Override
        public Flow run(Frame f) {
            Object v = f.eval(value);
            f.line = line;
            f.out.append(Printer.str(f, v));
            return Flow.NEXT;
        }
    }

    /** {@code if} with its {@code elif}s: the first body whose test is true, else the last list. */
    record If(List<Expr> tests, List<List<Stmt>> bodies, List<Stmt> otherwise) implements Stmt {
        @Override
        public Flow run(Frame f) {
            for (int i = 0; i < tests.size(); i++) {
                if (Types.truth(f.eval(tests.get(i)))) {
                    return f.run(bodies.get(i));
                }
            }
            return f.run(otherwise);
        }
    }

    record Set(Target target, Expr value, int line) implements Stmt {
        @Override
        public Flow run(Frame f) {
            Object v = f.eval(value);
            f.line = line;
            target.assign(f, v);
            return Flow.NEXT;
        }
    }

    /** {@code {% set x | filters %}…{% endset %}}. */
    record SetBlock(Target target, List<FilterCall> filters, Symbols symbols, List<Stmt> body, int line)
            implements Stmt {
        @Override
        public Flow run(Frame f) {
            TextBuilder captured = f.builder();
            Flow flow = f.capture(captured, symbols.open(f.scope), body);
            if (flow == Flow.NEXT) {
                Object value = FilterCall.applyAll(f, filters, captured.toText());
                f.line = line;
                target.assign(f, value);
            }
            return flow;
        }
    }

    /** {@code {% filter name %}…{% endfilter %}}. */
    record FilterBlock(List<FilterCall> filters, Symbols symbols, List<Stmt> body, int line) implements Stmt {
        @Override
        public Flow run(Frame f) {
            TextBuilder captured = f.builder();
            Flow flow = f.capture(captured, symbols.open(f.scope), body);
            if (flow == Flow.NEXT) {
                Object value = FilterCall.applyAll(f, filters, captured.toText());
                f.line = line;
                f.out.append(Types.toText(value, "result of a filter block"));
            }
            return flow;
        }
    }

    /** {@code {% with a = 1, b = 2 %}}: the values are computed outside. */
    record With(List<Target> targets, List<Expr> values, Symbols symbols, List<Stmt> body, int line) implements Stmt {
        @Override
        public Flow run(Frame f) {
            Scope outer = f.scope;
            Scope inner = symbols.open(outer);
            for (int i = 0; i < targets.size(); i++) {
                Object value = f.eval(values.get(i));
                f.line = line;
                f.scope = inner;
                targets.get(i).assign(f, value);
                f.scope = outer;
            }
            return f.runIn(inner, body);
        }
    }

    /**
     * {@code {% generation %}}: marks what an assistant said, for training; here its body runs in a scope of its own.
     */
    record Generation(Symbols symbols, List<Stmt> body) implements Stmt {
        @Override
        public Flow run(Frame f) {
            return f.runIn(symbols.open(f.scope), body);
        }
    }

    record Macro(MacroDefinition definition) implements Stmt {
        @Override
        public Flow run(Frame f) {
            f.scope.set(definition.name(), new MacroValue(definition, f.scope));
            return Flow.NEXT;
        }
    }

    /** {@code {% call(args) macro(…) %}…{% endcall %}}. */
    record CallBlock(Expr.Call call, MacroDefinition caller, int line) implements Stmt {
        @Override
        public Flow run(Frame f) {
            Object result = call.call(f, new MacroValue(caller, f.scope));
            f.line = line;
            f.out.append(Types.toText(result, "result of a call block"));
            return Flow.NEXT;
        }
    }

    /** {@code {% break %}} or {@code {% continue %}}. */
    record Jump(Flow flow) implements Stmt {
        @Override
        public Flow run(Frame f) {
            return flow;
        }
    }
}
