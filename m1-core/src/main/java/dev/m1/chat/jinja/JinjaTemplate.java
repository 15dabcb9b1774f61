package dev.m1.chat.jinja;

import dev.m1.errors.TemplateException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A parsed template: the part of Jinja 3.1 that chat templates use, with the settings of transformers
 * ({@code transformers/utils/chat_template_utils.py}: an immutable sandbox, {@code trim_blocks}, {@code lstrip_blocks},
 * loop controls, {@code tojson} as plain JSON, {@code raise_exception}, {@code strftime_now}, {@code generation}
 * blocks). Whatever is not known raises an error; nothing is guessed. Immutable and safe to share between threads.
 */
public final class JinjaTemplate {
    private final List<Stmt> body;
    private final Symbols symbols;

    private JinjaTemplate(List<Stmt> body, Symbols symbols) {
        this.body = body;
        this.symbols = symbols;
    }

    /**
     * Parses a template.
     *
     * @throws TemplateException naming the line
     */
    public static JinjaTemplate parse(String source) {
        try {
            Symbols symbols = new Symbols(null);
            return new JinjaTemplate(StatementParser.parse(Lexer.tokenize(source), symbols), symbols);
        } catch (SyntaxError e) {
            throw new TemplateException(e.getMessage(), e);
        } catch (StackOverflowError e) {
            throw new TemplateException("template nested too deeply for the stack of this thread", e);
        }
    }

    /**
     * Renders the template.
     *
     * @param variables values made by {@link Inputs}
     * @throws TemplateException if the template raises, fails, or exceeds the limits; it names the line
     */
    public Text render(Map<String, Object> variables, Limits limits, Clock clock) {
        Scope given = new Scope(Globals.scope(), new HashMap<>(variables));
        Frame frame = new Frame(new Budget(limits), clock, symbols.open(given));
        try {
            frame.run(body);
            return frame.out.toText();
        } catch (EvalError e) {
            throw new TemplateException("line " + frame.line + ": " + e.getMessage(), e);
        } catch (StackOverflowError e) {
            throw new TemplateException("line " + frame.line + ": nested too deeply for the stack of this thread", e);
        }
    }
}
