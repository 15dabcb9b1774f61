package dev.m1.chat.jinja;

import dev.m1.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Names, literals, brackets, and what follows them: attributes, items, slices, calls. */
final class PrimaryParser {
    private final TokenStream in;
    private final ExpressionParser expressions;

    PrimaryParser(TokenStream in, ExpressionParser expressions) {
        this.in = in;
        this.expressions = expressions;
    }

    Expr primary() {
        Token token = in.current();
        switch (token.kind()) {
            case NAME -> {
                in.next();
                return name(token);
            }
            case STRING -> {
                StringBuilder text = new StringBuilder();
                while (in.is(Kind.STRING)) {
                    text.append(in.next().text());
                }
                return new Expr.Literal(Text.plain(text.toString()));
            }
            case INTEGER, FLOAT -> {
                in.next();
                return new Expr.Literal(token.value());
            }
            default -> {
                if (token.isOperator("(")) {
                    return parentheses();
                }
                if (token.isOperator("[")) {
                    return list();
                }
                if (token.isOperator("{")) {
                    return dict();
                }
                throw in.error("unexpected " + token.describe());
            }
        }
    }

    private Expr name(Token token) {
        switch (token.text()) {
            case "true", "True" -> {
                return new Expr.Literal(true);
            }
            case "false", "False" -> {
                return new Expr.Literal(false);
            }
            case "none", "None" -> {
                return new Expr.Literal(null);
            }
            default -> {
                expressions.symbols().read(token.text());
                return new Expr.Name(token.text(), token.line());
            }
        }
    }

    private Expr parentheses() {
        in.next();
        if (in.skipOperator(")")) {
            return new Expr.TupleOf(List.of());
        }
        Expr value = expressions.tuple(true, null);
        in.expectOperator(")");
        return value;
    }

    private Expr list() {
        in.next();
        List<Expr> items = new ArrayList<>();
        while (!in.isOperator("]")) {
            items.add(expressions.expression());
            if (!in.skipOperator(",")) {
                break;
            }
        }
        in.expectOperator("]");
        return new Expr.ListOf(items);
    }

    private Expr dict() {
        int line = in.next().line();
        List<Expr> keys = new ArrayList<>();
        List<Expr> values = new ArrayList<>();
        while (!in.isOperator("}")) {
            keys.add(expressions.expression());
            in.expectOperator(":");
            values.add(expressions.expression());
            if (!in.skipOperator(",")) {
                break;
            }
        }
        in.expectOperator("}");
        return new Expr.DictOf(keys, values, line);
    }

    Expr postfix(Expr start) {
        Expr value = start;
        while (true) {
            if (in.isOperator(".")) {
                value = dot(value);
            } else if (in.isOperator("[")) {
                value = subscript(value);
            } else if (in.isOperator("(")) {
                value = expressions.calls().call(value);
            } else {
                return value;
            }
        }
    }

    private Expr dot(Expr owner) {
        int line = in.next().line();
        Token token = in.next();
        return switch (token.kind()) {
            case NAME -> new Expr.Attribute(owner, token.text(), line);
            case INTEGER -> new Expr.Item(owner, new Expr.Literal(token.value()), line);
            default -> throw new SyntaxError(token.line(), "expected name or number after '.'");
        };
    }

    private Expr subscript(Expr owner) {
        int line = in.next().line();
        Expr first = in.isOperator(":") ? null : expressions.expression();
        if (in.skipOperator(":")) {
            Expr stop = part();
            Expr step = in.skipOperator(":") ? part() : null;
            in.expectOperator("]");
            return new Expr.Slice(owner, first, stop, step, line);
        }
        if (!in.isOperator(",")) {
            in.expectOperator("]");
            return new Expr.Item(owner, first, line);
        }
        List<Expr> keys = new ArrayList<>(List.of(first));
        while (in.skipOperator(",") && !in.isOperator("]")) {
            keys.add(expressions.expression());
        }
        in.expectOperator("]");
        return new Expr.Item(owner, new Expr.TupleOf(keys), line);
    }

    private Expr part() {
        return in.isOperator(":") || in.isOperator("]") ? null : expressions.expression();
    }
}
