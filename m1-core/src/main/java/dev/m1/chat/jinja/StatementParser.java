package dev.m1.chat.jinja;

import dev.m1.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;

/** Tags and the text between them. */
final class StatementParser {
    private final TokenStream in;
    private final ExpressionParser expressions;
    private final TargetParser targets;
    /** Whether {@code break} and {@code continue} have a loop to act on: not across the border of a macro. */
    private boolean inLoop;

    private StatementParser(TokenStream in, Symbols symbols) {
        this.in = in;
        this.expressions = new ExpressionParser(in, symbols);
        this.targets = new TargetParser(in, expressions, () -> inLoop);
    }

    /** @param symbols of the outermost scope, still empty */
    static List<Stmt> parse(List<Token> tokens, Symbols symbols) {
        StatementParser parser = new StatementParser(new TokenStream(tokens), symbols);
        List<Stmt> body = parser.body();
        if (!parser.in.is(Kind.END)) {
            throw parser.in.error("Encountered unknown tag " + parser.in.current().describe() + ".");
        }
        symbols.seal();
        return body;
    }

    /** Statements up to a tag that is not a statement, or the end; the current token is then that tag's name. */
    private List<Stmt> body(String... ends) {
        in.enter();
        List<Stmt> body = new ArrayList<>();
        while (!in.is(Kind.END)) {
            Token token = in.next();
            if (token.kind() == Kind.DATA) {
                body.add(new Stmt.Data(Text.plain(token.text())));
            } else if (token.kind() == Kind.VARIABLE_BEGIN) {
                int line = in.current().line();
                body.add(new Stmt.Output(expressions.tuple(true, null), line));
                in.expect(Kind.VARIABLE_END);
            } else {
                if (in.is(Kind.NAME) && List.of(ends).contains(in.current().text())) {
                    break;
                }
                statement(body);
                in.expect(Kind.BLOCK_END);
            }
        }
        in.exit();
        return body;
    }

    /** A body that must be ended by one of these tags; the tag's name is consumed and returned with it. */
    private Body bodyUntil(String... ends) {
        in.skipOperator(":");
        in.expect(Kind.BLOCK_END);
        int line = in.current().line();
        List<Stmt> statements = body(ends);
        if (in.is(Kind.END)) {
            throw in.error("Unexpected end of template; looking for " + String.join(" or ", ends)
                    + " of the tag before line " + line + ".");
        }
        return new Body(statements, in.next().text());
    }

    private record Body(List<Stmt> statements, String end) {}

    private Symbols symbols() {
        return expressions.symbols();
    }

    /** {@link #bodyUntil} in a scope of its own. */
    private Body scopedUntil(Symbols inner, String... ends) {
        Symbols outer = symbols();
        expressions.setSymbols(inner);
        Body body = bodyUntil(ends);
        expressions.setSymbols(outer);
        return body;
    }

    private void statement(List<Stmt> out) {
        Token tag = in.expect(Kind.NAME);
        int line = tag.line();
        switch (tag.text()) {
            case "if" -> out.add(ifStatement());
            case "for" -> out.add(forStatement(line));
            case "set" -> out.add(set(line));
            case "macro" -> out.add(macro());
            case "call" -> out.add(callBlock(line));
            case "filter" -> out.add(filterBlock(line));
            case "with" -> out.add(with(line));
            case "print" -> print(out, line);
            case "generation" -> out.add(generation());
            case "break", "continue" -> {
                if (!inLoop) {
                    throw new SyntaxError(line, "'" + tag.text() + "' outside loop");
                }
                out.add(new Stmt.Jump(tag.text().equals("break") ? Flow.BREAK : Flow.CONTINUE));
            }
            case "block", "extends", "include", "import", "from", "autoescape" ->
                throw new SyntaxError(line, "tag '" + tag.text() + "' is not supported");
            default -> throw new SyntaxError(line, "Encountered unknown tag '" + tag.text() + "'.");
        }
    }

    private Stmt ifStatement() {
        List<Expr> tests = new ArrayList<>();
        List<List<Stmt>> bodies = new ArrayList<>();
        String end;
        boolean lenient = expressions.calls().setLenient(true);
        tests.add(expressions.tuple(false, null));
        symbols().beginCondition();
        while (true) {
            Body body = bodyUntil("elif", "else", "endif");
            bodies.add(body.statements());
            end = body.end();
            if (!end.equals("elif")) {
                break;
            }
            tests.add(expressions.tuple(false, null));
        }
        List<Stmt> otherwise = end.equals("else") ? bodyUntil("endif").statements() : List.of();
        symbols().endCondition();
        expressions.calls().setLenient(lenient);
        return new Stmt.If(tests, bodies, otherwise);
    }

    private Stmt forStatement(int line) {
        boolean outerLoop = inLoop;
        inLoop = true;
        Symbols inside = new Symbols(symbols());
        Target target = targets.target("in", false);
        target.names().forEach(inside::parameter);
        inLoop = outerLoop;
        in.expectName("in");
        Expr items = expressions.tuple(false, "recursive");
        Expr filter = in.skipName("if") ? scopedExpression(target) : null;
        boolean recursive = in.skipName("recursive");
        inLoop = true;
        Body body = scopedUntil(inside, "endfor", "else");
        inLoop = outerLoop;
        boolean usesLoop = recursive || inside.reads("loop");
        Symbols insideElse = new Symbols(symbols());
        List<Stmt> otherwise =
                body.end().equals("else") ? scopedUntil(insideElse, "endfor").statements() : List.of();
        return new ForLoop(target, items, filter, new ForLoop.Body(inside, body.statements()),
                new ForLoop.Body(insideElse, otherwise), recursive, usesLoop, line);
    }

    /** The filter of a loop, which sees the loop's variables and is a scope of its own. */
    private Expr scopedExpression(Target target) {
        Symbols outer = symbols();
        Symbols inner = new Symbols(outer);
        target.names().forEach(inner::parameter);
        expressions.setSymbols(inner);
        Expr filter = expressions.expression();
        expressions.setSymbols(outer);
        return filter;
    }

    private Stmt set(int line) {
        Target target = targets.target(null, true);
        if (in.skipOperator("=")) {
            Expr value = expressions.tuple(true, null);
            target.names().forEach(symbols()::set);
            return new Stmt.Set(target, value, line);
        }
        target.names().forEach(symbols()::set);
        List<FilterCall> filters = new ArrayList<>();
        while (in.skipOperator("|")) {
            filters.add(expressions.calls().filter());
        }
        Symbols inside = new Symbols(symbols());
        return new Stmt.SetBlock(target, filters, inside, scopedUntil(inside, "endset").statements(), line);
    }

    private Stmt macro() {
        String name = targets.name();
        symbols().set(name);
        Symbols inside = new Symbols(symbols());
        return new Stmt.Macro(definition(name, signature(inside), inside, "endmacro"));
    }

    private Stmt callBlock(int line) {
        Symbols inside = new Symbols(symbols());
        Signature signature = in.isOperator("(") ? signature(inside) : new Signature(List.of(), List.of());
        if (!(expressions.expression() instanceof Expr.Call call)) {
            throw new SyntaxError(line, "expected call");
        }
        return new Stmt.CallBlock(call, definition(null, signature, inside, "endcall"), line);
    }

    private record Signature(List<String> parameters, List<Expr> defaults) {}

    private Signature signature(Symbols inside) {
        Symbols outer = symbols();
        expressions.setSymbols(inside);
        in.expectOperator("(");
        List<String> parameters = new ArrayList<>();
        List<Expr> defaults = new ArrayList<>();
        while (!in.isOperator(")")) {
            if (!parameters.isEmpty()) {
                in.expectOperator(",");
            }
            String name = targets.name();
            if (parameters.contains(name)) {
                throw in.error("duplicate argument '" + name + "'");
            }
            if (name.equals("caller")) {
                throw in.error("a macro parameter named 'caller' is not supported");
            }
            if (in.skipOperator("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw in.error("non-default argument follows default argument");
            }
            parameters.add(name);
            inside.parameter(name);
        }
        in.next();
        expressions.setSymbols(outer);
        return new Signature(parameters, defaults);
    }

    private MacroDefinition definition(String name, Signature signature, Symbols inside, String end) {
        boolean outerLoop = inLoop;
        inLoop = false;
        List<Stmt> body = scopedUntil(inside, end).statements();
        inLoop = outerLoop;
        List<String> parameters = signature.parameters();
        return new MacroDefinition(name, parameters, signature.defaults(), inside, body, inside.reads("caller"),
                inside.reads("varargs") && !parameters.contains("varargs"),
                inside.reads("kwargs") && !parameters.contains("kwargs"));
    }

    private Stmt filterBlock(int line) {
        List<FilterCall> filters = new ArrayList<>();
        do {
            filters.add(expressions.calls().filter());
        } while (in.skipOperator("|"));
        Symbols inside = new Symbols(symbols());
        return new Stmt.FilterBlock(filters, inside, scopedUntil(inside, "endfilter").statements(), line);
    }

    private Stmt with(int line) {
        List<Target> assigned = new ArrayList<>();
        List<Expr> values = new ArrayList<>();
        while (!in.is(Kind.BLOCK_END)) {
            if (!assigned.isEmpty()) {
                in.expectOperator(",");
            }
            assigned.add(targets.target(null, false));
            in.expectOperator("=");
            values.add(expressions.expression());
        }
        Symbols inside = new Symbols(symbols());
        assigned.forEach(target -> target.names().forEach(inside::parameter));
        return new Stmt.With(assigned, values, inside, scopedUntil(inside, "endwith").statements(), line);
    }

    private void print(List<Stmt> out, int line) {
        for (boolean first = true; !in.is(Kind.BLOCK_END); first = false) {
            if (!first) {
                in.expectOperator(",");
            }
            out.add(new Stmt.Output(expressions.expression(), line));
        }
    }

    private Stmt generation() {
        boolean outerLoop = inLoop;
        inLoop = false;
        Symbols inside = new Symbols(symbols());
        List<Stmt> body = scopedUntil(inside, "endgeneration").statements();
        inLoop = outerLoop;
        return new Stmt.Generation(inside, body);
    }
}
