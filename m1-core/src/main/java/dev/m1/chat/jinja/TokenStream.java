package dev.m1.chat.jinja;

import dev.m1.chat.jinja.Token.Kind;
import java.util.List;

/** Tokens with one token of lookahead and a bound on nesting. */
final class TokenStream {
    /**
     * Brackets in brackets, tags in tags. Each takes a dozen Java frames; CPython itself gives up at about 90 brackets.
     */
    private static final int MAX_DEPTH = 150;

    private final List<Token> tokens;
    private int at;
    private int depth;

    TokenStream(List<Token> tokens) {
        this.tokens = tokens;
    }

    Token current() {
        return tokens.get(at);
    }

    Token look() {
        return tokens.get(Math.min(at + 1, tokens.size() - 1));
    }

    Token next() {
        Token token = tokens.get(at);
        if (at + 1 < tokens.size()) {
            at++;
        }
        return token;
    }

    boolean is(Kind kind) {
        return current().kind() == kind;
    }

    boolean isOperator(String operator) {
        return current().isOperator(operator);
    }

    boolean isName(String name) {
        return current().isName(name);
    }

    boolean skipOperator(String operator) {
        boolean found = isOperator(operator);
        if (found) {
            next();
        }
        return found;
    }

    boolean skipName(String name) {
        boolean found = isName(name);
        if (found) {
            next();
        }
        return found;
    }

    Token expect(Kind kind) {
        if (!is(kind)) {
            throw expected(kind.description);
        }
        return next();
    }

    void expectOperator(String operator) {
        if (!skipOperator(operator)) {
            throw expected("'" + operator + "'");
        }
    }

    void expectName(String name) {
        if (!skipName(name)) {
            throw expected("'" + name + "'");
        }
    }

    private SyntaxError expected(String what) {
        return error("expected " + what + ", got " + current().describe());
    }

    SyntaxError error(String message) {
        return new SyntaxError(current().line(), message);
    }

    void enter() {
        if (++depth > MAX_DEPTH) {
            throw error("nested more than " + MAX_DEPTH + " levels deep");
        }
    }

    void exit() {
        depth--;
    }
}
