package dev.m1.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An expression; {@code line} is where it stands in the template. */
interface Expr {
    Object eval(Frame f);

    /** A constant: None, bool, number or string. */
    record Literal(Object value) implements Expr {
        @Override
        public Object eval(Frame f) {
            return value;
        }
    }

    record Name(String name, int line) implements Expr {
        @Override
        public Object eval(Frame f) {
            f.line = line;
            return f.scope.get(name);
        }
    }

    record ListOf(List<Expr> items) implements Expr {
        @Override
        public Object eval(Frame f) {
            return new ListValue(evalAll(f, items));
        }
    }

    record TupleOf(List<Expr> items) implements Expr {
        @Override
        public Object eval(Frame f) {
            return new TupleValue(evalAll(f, items));
        }
    }

    record DictOf(List<Expr> keys, List<Expr> values, int line) implements Expr {
        @Override
        public Object eval(Frame f) {
            DictValue dict = new DictValue();
            for (int i = 0; i < keys.size(); i++) {
                Object key = f.eval(keys.get(i));
                Object value = f.eval(values.get(i));
                f.line = line;
                dict.put(key, value);
            }
            return dict;
        }
    }

    /** {@code + - * / // % **}. */
    record Binary(String op, Expr left, Expr right, int line) implements Expr {
        @Override
        public Object eval(Frame f) {
            Object a = f.eval(left);
            Object b = f.eval(right);
            f.line = line;
            return Operators.apply(f, op, a, b);
        }
    }

    /** Unary minus or plus. */
    record Sign(boolean minus, Expr operand, int line) implements Expr {
        @Override
        public Object eval(Frame f) {
            Object value = f.eval(operand);
            f.line = line;
            if (value instanceof Undefined u) {
                throw u.error();
            }
            if (!Numbers.isNumber(value)) {
                throw new EvalError("bad operand for unary " + (minus ? "-" : "+") + ": '" + Types.name(value) + "'");
            }
            return minus || value instanceof Boolean ? signed(value) : value;
        }

        private Object signed(Object value) {
            return minus ? Numbers.negate(value) : Numbers.narrow(Numbers.big(value));
        }
    }

    record Not(Expr operand) implements Expr {
        @Override
        public Object eval(Frame f) {
            return !Types.truth(f.eval(operand));
        }
    }

    /** {@code and}, {@code or}: the operand that decides is the value. */
    record Logic(boolean and, Expr left, Expr right) implements Expr {
        @Override
        public Object eval(Frame f) {
            Object a = f.eval(left);
            return Types.truth(a) == and ? f.eval(right) : a;
        }
    }

    /** {@code a < b <= c}: each operand once, stopping at the first comparison that fails. */
    record Compare(Expr first, List<String> ops, List<Expr> operands, int line) implements Expr {
        @Override
        public Object eval(Frame f) {
            Object a = f.eval(first);
            for (int i = 0; i < ops.size(); i++) {
                Object b = f.eval(operands.get(i));
                f.line = line;
                boolean holds = switch (ops.get(i)) {
                    case "in" -> Comparison.contains(f, b, a);
                    case "not in" -> !Comparison.contains(f, b, a);
                    default -> Comparison.test(f, ops.get(i), a, b);
                };
                if (!holds) {
                    return false;
                }
                a = b;
            }
            return true;
        }
    }

    record Concat(List<Expr> parts, int line) implements Expr {
        @Override
        public Object eval(Frame f) {
            List<Object> values = evalAll(f, parts);
            f.line = line;
            return Operators.concat(f, values);
        }
    }

    /** {@code a if test else b}; {@code otherwise} may be null. */
    record Conditional(Expr test, Expr then, Expr otherwise, int line) implements Expr {
        @Override
        public Object eval(Frame f) {
            if (Types.truth(f.eval(test))) {
                return f.eval(then);
            }
            return otherwise == null
                    ? new Undefined("the inline if-expression on line " + line
                            + " evaluated to false and no else section was defined.")
                    : f.eval(otherwise);
        }
    }

    record Attribute(Expr owner, String name, int line) implements Expr {
        @Override
        public Object eval(Frame f) {
            Object value = f.eval(owner);
            f.line = line;
            return Members.attribute(f, value, name);
        }
    }

    record Item(Expr owner, Expr key, int line) implements Expr {
        @Override
        public Object eval(Frame f) {
            Object value = f.eval(owner);
            Object k = f.eval(key);
            f.line = line;
            return Members.item(f, value, k);
        }
    }

    /** {@code owner[start:stop:step]}; parts left out are null. */
    record Slice(Expr owner, Expr start, Expr stop, Expr step, int line) implements Expr {
        @Override
        public Object eval(Frame f) {
            Object value = f.eval(owner);
            Object from = start == null ? null : f.eval(start);
            Object to = stop == null ? null : f.eval(stop);
            Object by = step == null ? null : f.eval(step);
            f.line = line;
            return Members.slice(f, value, from, to, by);
        }
    }

    record Call(Expr callee, Arguments arguments, int line) implements Expr {
        @Override
        public Object eval(Frame f) {
            return call(f, null);
        }

        /** @param caller what a {@code call} block hands over, or null */
        Object call(Frame f, MacroValue caller) {
            Object target = f.eval(callee);
            Args args = arguments.eval(f);
            f.line = line;
            if (caller != null) {
                Map<String, Object> named = new LinkedHashMap<>(args.named());
                if (named.put("caller", caller) != null) {
                    throw new EvalError("got multiple values for keyword argument 'caller'");
                }
                args = new Args(args.positional(), named);
            }
            if (target instanceof Undefined u) {
                throw u.error();
            }
            if (!(target instanceof CallableValue function)) {
                throw new EvalError("'" + Types.name(target) + "' object is not callable");
            }
            return function.call(f, args);
        }
    }

    record Filtered(Expr input, FilterCall filter) implements Expr {
        @Override
        public Object eval(Frame f) {
            return filter.apply(f, f.eval(input));
        }
    }

    record Test(Expr input, String name, Arguments arguments, int line) implements Expr {
        @Override
        public Object eval(Frame f) {
            Object value = f.eval(input);
            Args args = arguments.eval(f);
            f.line = line;
            return Tests.test(f, name, value, args);
        }
    }

    private static List<Object> evalAll(Frame f, List<Expr> items) {
        List<Object> values = new ArrayList<>(items.size());
        for (Expr item : items) {
            values.add(f.eval(item));
        }
        return values;
    }
}
