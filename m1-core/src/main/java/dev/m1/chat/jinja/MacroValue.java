package dev.m1.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A macro with the scope in which it was defined. */
record MacroValue(MacroDefinition definition, Scope closure) implements CallableValue {
    String name() {
        return definition.name();
    }

    @Override
    public Object call(Frame f, Args args) {
        Scope scope = definition.symbols().open(closure);
        Scope callerScope = f.scope;
        f.scope = scope;
        try {
            bind(f, scope, args);
        } finally {
            f.scope = callerScope;
        }
        TextBuilder out = f.builder();
        f.capture(out, scope, definition.body());
        return out.toText();
    }

    private void bind(Frame f, Scope scope, Args args) {
        List<String> parameters = definition.parameters();
        List<Object> given = args.positional();
        Map<String, Object> named = new LinkedHashMap<>(args.named());
        int positional = Math.min(given.size(), parameters.size());
        Object[] values = new Object[parameters.size()];
        for (int i = 0; i < values.length; i++) {
            String name = parameters.get(i);
            if (i < positional) {
                values[i] = given.get(i);
            } else {
                values[i] = named.containsKey(name) ? named.remove(name) : Args.ABSENT;
            }
            // A default may mention a later parameter, which then is undefined rather than an outer variable.
            scope.set(name, values[i] == Args.ABSENT ? Undefined.variable(name) : values[i]);
        }
        special(scope, given.subList(positional, given.size()), named);
        for (int i = 0; i < values.length; i++) {
            if (values[i] == Args.ABSENT) {
                Expr fallback = definition.defaultOf(i);
                scope.set(parameters.get(i), fallback == null
                        ? new Undefined("parameter '" + parameters.get(i) + "' was not provided")
                        : f.eval(fallback));
            }
        }
    }

    private void special(Scope scope, List<Object> extra, Map<String, Object> named) {
        if (definition.usesCaller() && !definition.parameters().contains("caller")) {
            Object caller = named.remove("caller");
            scope.set("caller", caller == null ? new Undefined("No caller defined") : caller);
        }
        if (definition.usesKwargs()) {
            DictValue kwargs = new DictValue();
            named.forEach((name, value) -> kwargs.put(Text.plain(name), value));
            scope.set("kwargs", kwargs);
        } else if (!named.isEmpty()) {
            throw new EvalError("macro '" + name() + "' takes no keyword argument '" + named.keySet().iterator().next()
                    + "'");
        }
        if (definition.usesVarargs()) {
            scope.set("varargs", new TupleValue(new ArrayList<>(extra)));
        } else if (!extra.isEmpty()) {
            throw new EvalError("macro '" + name() + "' takes not more than " + definition.parameters().size()
                    + " argument(s)");
        }
    }
}
