package dev.m1.chat.jinja;

import java.util.List;

/**
 * A macro as written.
 *
 * @param name null for the body of a {@code call} block
 * @param parameters their names
 * @param defaults of the last parameters
 * @param symbols names in parameters and body
 * @param usesCaller whether the body mentions {@code caller}, which is then accepted as a keyword
 * @param usesVarargs whether the body mentions {@code varargs}, so that more positional arguments are accepted
 * @param usesKwargs whether the body mentions {@code kwargs}, so that any keyword is accepted
 */
record MacroDefinition(String name, List<String> parameters, List<Expr> defaults, Symbols symbols, List<Stmt> body,
        boolean usesCaller, boolean usesVarargs, boolean usesKwargs) {
    /** Default of a parameter, or null. */
    Expr defaultOf(int parameter) {
        int i = parameter - (parameters.size() - defaults.size());
        return i < 0 ? null : defaults.get(i);
    }
}
