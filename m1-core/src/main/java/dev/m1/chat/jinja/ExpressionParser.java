package dev.m1.chat.jinja;

import dev.m1.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Expressions, from the loosest binding to the tightest: {@code if else}, {@code or}, {@code and}, {@code not},
 * comparison, {@code + -}, {@code ~}, {@code * / // %}, {@code **}, sign, then postfix operators, filters and tests.
 */
final class ExpressionParser {
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<String> PRODUCTS = Set.of("*", "/", "//", "%");

    private final TokenStream in;
    private final PrimaryParser primary;
    private final CallParser calls;
    private Symbols symbols;

    ExpressionParser(TokenStream in, Symbols symbols) {
        this.in = in;
        this.symbols = symbols;
        this.primary = new PrimaryParser(in, this);
        this.calls = new CallParser(in, this, primary);
    }

    CallParser calls() {
        return calls;
    }

    /** The scope that expressions are read in now. */
    Symbols symbols() {
        return symbols;
    }

    void setSymbols(Symbols scope) {
        symbols = scope;
    }

    Expr expression() {
        in.enter();
        Expr result = conditional();
        in.exit();
        return result;
    }

    private Expr conditional() {
        int line = in.current().line();
        Expr value = or();
        while (in.skipName("if")) {
            Expr test = or();
            Expr otherwise = in.skipName("else") ? expression() : null;
            value = new Expr.Conditional(test, value, otherwise, line);
            line = in.current().line();
        }
        return value;
    }

    /** An expression that ends before an {@code if}, as the iterable of a loop does. */
    Expr or() {
        Expr left = and();
        while (in.skipName("or")) {
            left = new Expr.Logic(false, left, and());
        }
        return left;
    }

    private Expr and() {
        Expr left = not();
        while (in.skipName("and")) {
            left = new Expr.Logic(true, left, not());
        }
        return left;
    }

    private Expr not() {
        if (!in.skipName("not")) {
            return comparison();
        }
        in.enter();
        Expr result = new Expr.Not(not());
        in.exit();
        return result;
    }

    private Expr comparison() {
        int line = in.current().line();
        Expr first = sum();
        List<String> ops = new ArrayList<>();
        List<Expr> operands = new ArrayList<>();
        while (true) {
            if (in.is(Kind.OPERATOR) && COMPARISONS.contains(in.current().text())) {
                ops.add(in.next().text());
            } else if (in.skipName("in")) {
                ops.add("in");
            } else if (in.isName("not") && in.look().isName("in")) {
                in.next();
                in.next();
                ops.add("not in");
            } else {
                return ops.isEmpty() ? first : new Expr.Compare(first, ops, operands, line);
            }
            operands.add(sum());
        }
    }

    private Expr sum() {
        Expr left = concat();
        while (in.isOperator("+") || in.isOperator("-")) {
            Token op = in.next();
            left = new Expr.Binary(op.text(), left, concat(), op.line());
        }
        return left;
    }

    private Expr concat() {
        int line = in.current().line();
        Expr first = product();
        if (!in.isOperator("~")) {
            return first;
        }
        List<Expr> parts = new ArrayList<>(List.of(first));
        while (in.skipOperator("~")) {
            parts.add(product());
        }
        return new Expr.Concat(parts, line);
    }

    private Expr product() {
        Expr left = power();
        while (in.is(Kind.OPERATOR) && PRODUCTS.contains(in.current().text())) {
            Token op = in.next();
            left = new Expr.Binary(op.text(), left, power(), op.line());
        }
        return left;
    }

    /** jinja2's {@code **} groups from the left, unlike Python's. */
    private Expr power() {
        Expr left = unary(true);
        while (in.isOperator("**")) {
            Token op = in.next();
            left = new Expr.Binary("**", left, unary(true), op.line());
        }
        return left;
    }

    private Expr unary(boolean withFilters) {
        Expr value;
        if (in.isOperator("-") || in.isOperator("+")) {
            Token op = in.next();
            in.enter();
            value = new Expr.Sign(op.text().equals("-"), unary(false), op.line());
            in.exit();
        } else {
            value = primary.primary();
        }
        value = primary.postfix(value);
        return withFilters ? filters(value) : value;
    }

    private Expr filters(Expr start) {
        Expr value = start;
        while (true) {
            if (in.isOperator("|")) {
                in.next();
                value = new Expr.Filtered(value, calls.filter());
            } else if (in.isName("is")) {
                value = calls.test(value);
            } else if (in.isOperator("(")) {
                value = calls.call(value);
            } else {
                return value;
            }
        }
    }

    /** A tuple without parentheses, or the one expression if there is no comma. */
    Expr tuple(boolean conditionals, String endName) {
        List<Expr> items = new ArrayList<>();
        boolean comma = false;
        while (!endsTuple(endName)) {
            items.add(conditionals ? expression() : or());
            comma = in.skipOperator(",");
            if (!comma) {
                break;
            }
        }
        if (items.isEmpty()) {
            throw in.error("Expected an expression, got " + in.current().describe());
        }
        return items.size() == 1 && !comma ? items.get(0) : new Expr.TupleOf(items);
    }

    private boolean endsTuple(String endName) {
        return in.is(Kind.VARIABLE_END) || in.is(Kind.BLOCK_END) || in.isOperator(")")
                || endName != null && in.isName(endName);
    }
}
