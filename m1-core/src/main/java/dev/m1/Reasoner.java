package dev.m1;

import dev.m1.errors.CapacityException;
import dev.m1.thinking.ProtocolTokens;
import dev.m1.thinking.ThinkingProtocol;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Budgeted reasoning on an open model: think up to a cap, be cut there and made to answer, or be made to think on. Thread-safe;
 * it owns nothing, closing the model is enough.
 *
 * @see <a href="https://arxiv.org/abs/2504.00869">m1: Unleash the Potential of Test-Time Scaling for Medical Reasoning</a>
 */
public final class Reasoner {
    private static final ReasoningListener SILENT = new ReasoningListener() {};

    private final LanguageModel model;
    private final ThinkingProtocol protocol;
    private final PromptBuilder prompts;
    private final TokenizerVocabulary vocabulary;
    private final Map<ThinkingProtocol, ProtocolTokens> compiled = new ConcurrentHashMap<>();

    private Reasoner(LanguageModel model, ThinkingProtocol protocol) {
        this.model = model;
        this.protocol = protocol;
        this.prompts = new PromptBuilder(model.chatTemplate(), model.tokenizer());
        this.vocabulary = new TokenizerVocabulary(model.tokenizer(), model.eosIds());
        compile(protocol);
    }

    /**
     * A reasoner with the protocol detected from the checkpoint; {@link LanguageModel#info} names it.
     *
     * @throws dev.m1.errors.TokenizerException if the checkpoint has no tokenizer
     * @throws dev.m1.errors.TemplateException if it has no chat template
     */
    public static Reasoner of(LanguageModel model) {
        return builder(model).build();
    }

    public static Builder builder(LanguageModel model) {
        return new Builder(model);
    }

    /** The protocol of requests that name none. */
    public ThinkingProtocol protocol() {
        return protocol;
    }

    /**
     * Reasons, blocking. Interrupting the caller cancels the request.
     *
     * @throws CapacityException if the prompt leaves no room for an answer; both numbers are named
     * @throws dev.m1.errors.TokenizerException if a protocol's marker cannot be expressed in the vocabulary
     * @throws dev.m1.errors.ModelClosedException if the model is closed
     */
    public ReasoningResult reason(ReasoningRequest request) {
        ReasoningRun run = start(request, SILENT, false);
        return Blocking.await(run.result(), run::cancel);
    }

    /** Starts reasoning and returns at once; throws what {@link #reason} throws for a request that cannot run. */
    public ReasoningHandle submit(ReasoningRequest request, ReasoningListener listener) {
        return start(request, Objects.requireNonNull(listener, "listener"), true);
    }

    private ReasoningRun start(ReasoningRequest request, ReasoningListener listener, boolean adjustable) {
        ProtocolTokens tokens = compile(request.protocolOverride().orElse(protocol));
        PromptBuilder.Prompt prompt = prompts.build(request.messages(), tokens.protocol());
        if (request.promptOverflow() == ReasoningRequest.PromptOverflow.TRUNCATE_QUESTION) {
            prompt = truncate(prompt, request, tokens);
        }
        model.checkPrompt(prompt.ids());
        RunPlan plan = RunPlan.of(tokens, prompt, request, model.contextTokens(), adjustable);
        ReasoningRun run = new ReasoningRun(model, request, plan, listener);
        run.submit();
        return run;
    }

    private PromptBuilder.Prompt truncate(PromptBuilder.Prompt prompt, ReasoningRequest request, ProtocolTokens tokens) {
        long room = RunPlan.promptRoom(tokens, request, model.contextTokens());
        if (prompt.ids().length <= room) {
            return prompt;
        }
        PromptBuilder.Prompt shorter = prompts.buildTruncated(request.messages(), tokens.protocol(), (int) Math.max(0, room));
        if (shorter == null) {
            throw new CapacityException("budget and answer leave " + room + " tokens for the prompt; without its question"
                    + " it is longer (whole prompt: " + prompt.ids().length + ")");
        }
        return shorter;
    }

    private ProtocolTokens compile(ThinkingProtocol p) {
        return compiled.computeIfAbsent(p, key -> new ProtocolTokens(key, vocabulary));
    }

    /** Collects a reasoner's settings. */
    public static final class Builder {
        private final LanguageModel model;
        private ThinkingProtocol protocol;

        private Builder(LanguageModel model) {
            this.model = Objects.requireNonNull(model, "model");
        }

        /** Uses this protocol instead of the detected one. */
        public Builder protocol(ThinkingProtocol protocol) {
            this.protocol = Objects.requireNonNull(protocol, "protocol");
            return this;
        }

        /**
         * @throws dev.m1.errors.TokenizerException if a marker of the protocol cannot be expressed in the vocabulary
         */
        public Reasoner build() {
            return new Reasoner(model, protocol != null ? protocol : model.detectedProtocol().protocol());
        }
    }
}
