package dev.m1.chat;

import dev.m1.chat.jinja.Inputs;
import dev.m1.chat.jinja.JinjaTemplate;
import dev.m1.chat.jinja.Limits;
import dev.m1.chat.jinja.Text;
import dev.m1.errors.TemplateException;
import dev.m1.tokenizer.TextSpan;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The chat template of a checkpoint: a Jinja program that writes a conversation as the one text the model was trained
 * on. Rendered as Hugging Face transformers does ({@code apply_chat_template(…, tokenize=False)}), in a sandbox: a
 * template can neither reach Java objects, nor run for ever, nor fill the memory.
 *
 * <p>{@link #renderSpans} tells the characters that came from the caller from those of the template, through everything
 * the template does with them (trimming, splitting, JSON, …). A tokenizer that reads control tokens only in the
 * template's spans cannot be fooled by a user who types {@code <|im_end|>}. Every string of the context counts as the
 * caller's, keys of maps included, with two exceptions. Roles of messages that are well known ({@link #KNOWN_ROLES})
 * count as the template's, as some templates spell a control token around them ({@code "<|" + message.role + "|>"});
 * other roles count as the caller's. And special tokens ({@code bos_token} and its like) are control tokens by their
 * nature.
 *
 * <p>Immutable; one instance may be used by many threads.
 */
public final class ChatTemplate {
    /** Roles that count as text of the template. */
    public static final Set<String> KNOWN_ROLES = Set.of("system", "developer", "user", "assistant", "tool", "function",
            "ipython", "model", "observation", "environment", "tool_call", "tool_response", "context", "critic");

    private static final String ROLE_PATH = "messages[].role";

    private final String source;
    private final JinjaTemplate template;
    private final Map<String, Object> specialTokens; // converted, never literal
    private final Limits limits;
    private final Clock clock;

    private ChatTemplate(
            String source, JinjaTemplate template, Map<String, Object> specialTokens, Limits limits, Clock clock) {
        this.source = source;
        this.template = template;
        this.specialTokens = specialTokens;
        this.limits = limits;
        this.clock = clock;
    }

    /**
     * The template of a checkpoint directory: {@code chat_template.jinja}, or else {@code chat_template} of
     * {@code tokenizer_config.json}, where a list of named templates stands for its {@code default}.
     *
     * @throws TemplateException if there is none, or it does not parse
     */
    public static ChatTemplate load(Path dir) {
        return load(dir, TemplateFiles.DEFAULT);
    }

    /**
     * A template by its name, such as {@code tool_use} or {@code rag}: {@code additional_chat_templates/NAME.jinja}, or
     * an entry of the list in {@code tokenizer_config.json}.
     *
     * @throws TemplateException if there is none of that name, or it does not parse
     */
    public static ChatTemplate load(Path dir, String name) {
        TemplateFiles files = TemplateFiles.read(dir);
        return files.template(name)
                .map(source -> of(source, files.specialTokens(), dir.toString()))
                .orElseThrow(() -> new TemplateException(files.nothingFound(name)));
    }

    /** Like {@link #load(Path)}, but empty if the directory has no default template. */
    public static Optional<ChatTemplate> find(Path dir) {
        TemplateFiles files = TemplateFiles.read(dir);
        return files.template(TemplateFiles.DEFAULT).map(source -> of(source, files.specialTokens(), dir.toString()));
    }

    /** Names of the templates in a directory; {@code default} is the one {@link #load(Path)} takes. */
    public static Set<String> names(Path dir) {
        return TemplateFiles.read(dir).names();
    }

    /**
     * A template given as text.
     *
     * @param specialTokens variables every render sees, such as {@code bos_token}; their strings count as control text
     * @throws TemplateException if it does not parse; the message names the line
     */
    public static ChatTemplate of(String source, Map<String, Object> specialTokens) {
        Objects.requireNonNull(source, "source");
        Inputs inputs = new Inputs((path, string) -> true);
        Map<String, Object> specials = new HashMap<>();
        specialTokens.forEach((name, value) -> specials.put(name, inputs.convert(name, value)));
        return new ChatTemplate(source, JinjaTemplate.parse(source), Map.copyOf(specials), Limits.DEFAULT,
                Clock.systemDefaultZone());
    }

    private static ChatTemplate of(String source, Map<String, Object> specialTokens, String where) {
        try {
            return of(source, specialTokens);
        } catch (TemplateException e) {
            throw new TemplateException("chat template of " + where + ": " + e.getMessage(), e);
        }
    }

    /**
     * The same template with other bounds on one render.
     *
     * @param maxChars longest output, and longest string on the way there, in UTF-16 units (default 64 Mi)
     * @param maxSteps evaluated expressions and statements (default 10 million)
     */
    public ChatTemplate withLimits(int maxChars, long maxSteps) {
        return new ChatTemplate(source, template, specialTokens, new Limits(maxChars, maxSteps), clock);
    }

    /**
     * The same template with another clock behind {@code strftime_now}: for prompts that must not change with the day.
     */
    public ChatTemplate withClock(Clock other) {
        return new ChatTemplate(source, template, specialTokens, limits, Objects.requireNonNull(other, "clock"));
    }

    /** The template's text. */
    public String source() {
        return source;
    }

    /**
     * Whether the name or marker occurs in the template's text: {@code enable_thinking} as a word of its own,
     * {@code <think>} anywhere.
     */
    public boolean mentions(String variable) {
        // \b next to < would ask for a letter there; it holds back only where the name itself ends in one.
        String before = variable.matches("(?s)\\w.*") ? "\\b" : "";
        String after = variable.matches("(?s).*\\w") ? "\\b" : "";
        return Pattern.compile(before + Pattern.quote(variable) + after).matcher(source).find();
    }

    /**
     * Renders a conversation.
     *
     * @param addGenerationPrompt whether to end with the header of the assistant's turn
     * @throws TemplateException if the template refuses the conversation, fails, or exceeds its limits
     */
    public String render(List<Message> messages, boolean addGenerationPrompt) {
        return render(context(messages, addGenerationPrompt));
    }

    /**
     * Renders with everything a template may read: {@code messages} (maps or {@link Message}s), {@code tools},
     * {@code documents}, {@code add_generation_prompt}, {@code enable_thinking}, … {@code tools} and {@code documents}
     * are None and {@code add_generation_prompt} is false where not given, as in transformers.
     *
     * @param context strings, numbers, booleans, null, lists, maps with string keys, messages
     * @throws TemplateException if the template refuses the conversation, fails, or exceeds its limits
     * @throws IllegalArgumentException if the context holds anything else
     */
    public String render(Map<String, ?> context) {
        return run(context).string();
    }

    /** Like {@link #render(List, boolean)}, cut where text of the caller and text of the template meet. */
    public List<TextSpan> renderSpans(List<Message> messages, boolean addGenerationPrompt) {
        return renderSpans(context(messages, addGenerationPrompt));
    }

    /** Like {@link #render(Map)}, cut where text of the caller and text of the template meet; no span is empty. */
    public List<TextSpan> renderSpans(Map<String, ?> context) {
        return run(context).spans();
    }

    private static Map<String, Object> context(List<Message> messages, boolean addGenerationPrompt) {
        Map<String, Object> context = new HashMap<>();
        context.put("messages", messages);
        context.put("add_generation_prompt", addGenerationPrompt);
        return context;
    }

    private Text run(Map<String, ?> context) {
        Inputs inputs = new Inputs((path, string) -> path.equals(ROLE_PATH) ? KNOWN_ROLES.contains(string)
                : TemplateFiles.SPECIAL_TOKENS.contains(path));
        Map<String, Object> variables = new HashMap<>(specialTokens);
        variables.put("tools", null);
        variables.put("documents", null);
        variables.put("add_generation_prompt", false);
        context.forEach((name, value) -> variables.put(name, inputs.convert(name, plain(value))));
        return template.render(variables, limits, clock);
    }

    /** Messages as the maps a template expects. */
    private static Object plain(Object value) {
        if (value instanceof List<?> list && list.stream().anyMatch(Message.class::isInstance)) {
            List<Object> maps = new ArrayList<>(list.size());
            list.forEach(item -> maps.add(item instanceof Message m ? map(m) : item));
            return maps;
        }
        return value instanceof Message m ? map(m) : value;
    }

    private static Map<String, Object> map(Message message) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("role", message.role());
        map.put("content", message.content());
        return map;
    }
}
