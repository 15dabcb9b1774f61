package dev.m1.chat.jinja;

/**
 * jinja2's default {@code Undefined}: prints as nothing, is false, iterates over nothing, and fails with its message in
 * every other use.
 */
final class Undefined {
    private final String message;

    Undefined(String message) {
        this.message = message;
    }

    static Undefined variable(String name) {
        return new Undefined("'" + name + "' is undefined");
    }

    static Undefined member(Object owner, Object name) {
        String type = Types.name(owner);
        if (name instanceof Text text) {
            return new Undefined("'" + type + " object' has no attribute '" + text + "'");
        }
        return new Undefined(type + " object has no element " + (name instanceof Number ? name : Types.name(name)));
    }

    EvalError error() {
        return new EvalError(message);
    }
}
