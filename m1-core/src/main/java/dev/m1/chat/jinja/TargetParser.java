package dev.m1.chat.jinja;

import dev.m1.chat.jinja.Token.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;

/** What {@code set}, {@code for} and {@code with} assign to. */
final class TargetParser {
    private static final Set<String> CONSTANTS = Set.of("true", "false", "none", "True", "False", "None");

    private final TokenStream in;
    private final ExpressionParser expressions;
    private final BooleanSupplier inLoop;

    /** @param inLoop whether a loop is being parsed, whose variable {@code loop} cannot be set */
    TargetParser(TokenStream in, ExpressionParser expressions, BooleanSupplier inLoop) {
        this.in = in;
        this.expressions = expressions;
        this.inLoop = inLoop;
    }

    /** One target, or several with commas. */
    Target target(String endName, boolean attributes) {
        List<Target> targets = new ArrayList<>();
        boolean comma = false;
        while (!(endName != null && in.isName(endName)) && (in.is(Kind.NAME) || in.isOperator("("))) {
            targets.add(oneTarget(attributes));
            comma = in.skipOperator(",");
            if (!comma) {
                break;
            }
        }
        if (targets.isEmpty()) {
            throw in.error("expected a name to assign to, got " + in.current().describe());
        }
        return targets.size() == 1 && !comma ? targets.get(0) : new Target.Unpacking(targets);
    }

    private Target oneTarget(boolean attributes) {
        if (in.skipOperator("(")) {
            in.enter();
            Target inner = target(null, false);
            in.exit();
            in.expectOperator(")");
            return inner;
        }
        if (attributes && in.look().isOperator(".")) {
            Token namespace = in.next();
            in.next();
            expressions.symbols().read(namespace.text());
            return new Target.NamespaceAttribute(namespace.text(), in.expect(Kind.NAME).text());
        }
        return new Target.Variable(name());
    }

    String name() {
        Token token = in.expect(Kind.NAME);
        if (CONSTANTS.contains(token.text())) {
            throw new SyntaxError(token.line(), "can't assign to '" + token.text() + "'");
        }
        if (token.text().equals("loop") && inLoop.getAsBoolean()) {
            throw new SyntaxError(token.line(), "Can't assign to special loop variable in for-loop target");
        }
        return token.text();
    }
}
