package dev.m1.chat.jinja;

import dev.m1.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What takes arguments: calls, filters, tests. */
final class CallParser {
    private final TokenStream in;
    private final ExpressionParser expressions;
    private final PrimaryParser primary;
    /** Inside an {@code if}, an unknown filter or test fails only if it is reached, as in jinja2. */
    private boolean lenient;

    CallParser(TokenStream in, ExpressionParser expressions, PrimaryParser primary) {
        this.in = in;
        this.expressions = expressions;
        this.primary = primary;
    }

    boolean setLenient(boolean value) {
        boolean before = lenient;
        lenient = value;
        return before;
    }

    Expr.Call call(Expr callee) {
        int line = in.current().line();
        return new Expr.Call(callee, arguments(), line);
    }

    /** A filter, behind its {@code |}. */
    FilterCall filter() {
        Token token = in.expect(Kind.NAME);
        String name = dotted(token.text());
        if (!lenient && !Filters.exists(name)) {
            throw new SyntaxError(token.line(), Filters.unknown(name));
        }
        return new FilterCall(name, in.isOperator("(") ? arguments() : Arguments.NONE, token.line());
    }

    private String dotted(String first) {
        StringBuilder name = new StringBuilder(first);
        while (in.skipOperator(".")) {
            name.append('.').append(in.expect(Kind.NAME).text());
        }
        return name.toString();
    }

    Expr test(Expr value) {
        int line = in.next().line();
        boolean negated = in.skipName("not");
        String name = dotted(in.expect(Kind.NAME).text());
        if (!lenient && !Tests.exists(name)) {
            throw new SyntaxError(line, Tests.unknown(name));
        }
        Arguments arguments = Arguments.NONE;
        if (in.isOperator("(")) {
            arguments = arguments();
        } else if (startsTestArgument()) {
            if (in.isName("is")) {
                throw in.error("You cannot chain multiple tests with is");
            }
            arguments = new Arguments(List.of(primary.postfix(primary.primary())), Map.of(), null, null);
        }
        Expr result = new Expr.Test(value, name, arguments, line);
        return negated ? new Expr.Not(result) : result;
    }

    private boolean startsTestArgument() {
        return switch (in.current().kind()) {
            case NAME -> !in.isName("else") && !in.isName("or") && !in.isName("and");
            case STRING, INTEGER, FLOAT -> true;
            case OPERATOR -> in.isOperator("[") || in.isOperator("{");
            default -> false;
        };
    }

    /** Arguments in parentheses. */
    private Arguments arguments() {
        int line = in.current().line();
        in.expectOperator("(");
        List<Expr> positional = new ArrayList<>();
        Map<String, Expr> named = new LinkedHashMap<>();
        Expr star = null;
        Expr doubleStar = null;
        boolean first = true;
        while (!in.isOperator(")")) {
            if (!first) {
                in.expectOperator(",");
                if (in.isOperator(")")) {
                    break;
                }
            }
            first = false;
            boolean legal;
            if (in.skipOperator("*")) {
                legal = star == null && doubleStar == null;
                star = expressions.expression();
            } else if (in.skipOperator("**")) {
                legal = doubleStar == null;
                doubleStar = expressions.expression();
            } else if (in.is(Kind.NAME) && in.look().isOperator("=")) {
                String name = in.next().text();
                in.next();
                legal = doubleStar == null && !named.containsKey(name);
                named.put(name, expressions.expression());
            } else {
                legal = star == null && doubleStar == null && named.isEmpty();
                positional.add(expressions.expression());
            }
            if (!legal) {
                throw new SyntaxError(line, "invalid syntax for function call expression");
            }
        }
        in.expectOperator(")");
        return new Arguments(positional, named, star, doubleStar);
    }
}
