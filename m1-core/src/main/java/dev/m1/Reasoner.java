package dev.m1;

import dev.m1.errors.CapacityException;
import dev.m1.thinking.ProtocolTokens;
import dev.m1.thinking.ThinkingProtocol;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Budgeted reasoning on an open model: think up to a cap, be cut there and made to answer, or be made to think on.
 * Thread-safe; it owns nothing, closing the model is enough.
 *
 * @see <a href="https://arxiv.org/abs/2504.00869">m1: Unleash the Potential of Test-Time Scaling for Medical
 *     Reasoning</a>
 */
public final class Reasoner {
    private static final RunRecord.Sink NOBODY = new RunRecord.Sink() {};

    private final LanguageModel model;
    private final ThinkingProtocol protocol;
    private final PromptBuilder prompts;
    private final ProtocolCache protocols;

    private Reasoner(LanguageModel model, ThinkingProtocol protocol) {
        this.model = model;
        this.protocol = protocol;
        this.prompts = new PromptBuilder(model.chatTemplate(), model.tokenizer());
        this.protocols =
                new ProtocolCache(new TokenizerVocabulary(model.tokenizer(), model.vocabSize(), model.eosIds()));
        protocols.get(protocol);
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
        ReasoningRun run = start(request, null, false);
        return Blocking.await(run.result(), run::cancel);
    }

    /** Starts reasoning and returns at once; throws what {@link #reason} throws for a request that cannot run. */
    public ReasoningHandle submit(ReasoningRequest request, ReasoningListener listener) {
        return start(request, Objects.requireNonNull(listener, "listener"), true);
    }

    /**
     * Reasons over a whole grid of budgets and Waits in one pass, blocking: the thinking that cells have in common is
     * decoded once, and their answers as one batch. Greedy or sampled, each cell is token for token what {@link
     * #reason} gives for its budget and Waits; the request's own budget gives only the Wait text. The prompt is
     * rendered once: where it must be truncated, all cells see the question that is left beside the largest of them,
     * so that they differ in nothing but the thinking. Interrupting the caller cancels the sweep.
     *
     * @throws CapacityException if the prompt leaves no room for an answer
     */
    public BudgetSweep sweep(ReasoningRequest request, BudgetGrid grid) {
        refuseLiveLimits(request, "a sweep");
        ProtocolTokens tokens = protocols.get(request.protocolOverride().orElse(protocol));
        PromptBuilder.Prompt prompt = prompt(cell(request, grid.largest()), tokens);
        SweepRun run = new SweepRun(model, request, grid);
        Map<BudgetSweep.Cell, RunRecord> records = new LinkedHashMap<>();
        for (BudgetSweep.Cell at : grid.cells()) {
            ReasoningRequest cell = cell(request, at);
            RunPlan plan = RunPlan.of(tokens, prompt, cell, model.contextTokens(), false);
            records.put(at, new RunRecord(model.tokenizer(), cell, plan, NOBODY));
        }
        run.start(records);
        return Blocking.await(run.result(), run::cancel);
    }

    private static ReasoningRequest cell(ReasoningRequest request, BudgetSweep.Cell at) {
        return request.withBudget(request.budget().withMaxTokens(at.budget()).withWaits(at.waits()));
    }

    /** {@link #vote(ReasoningRequest, VoteOptions, Function)} in which all of {@code n} samples have a vote. */
    public Vote vote(ReasoningRequest request, int n, Function<ReasoningResult, String> answerKey) {
        return vote(request, VoteOptions.of(n), answerKey);
    }

    /**
     * Draws several samples of one request as one batch over a shared prompt, blocking, and counts their answers. It
     * ends as soon as no other answer can win. Sample {@code i} has the random numbers of sample index {@code i};
     * sample 0 is what {@link #reason} gives. Interrupting the caller cancels the vote.
     *
     * @param answerKey what a result votes for; null = it abstains. Called by the caller's thread while the other
     *     samples go on, so it may take its time and use the model; what it throws ends the vote.
     * @throws IllegalArgumentException if the request is greedy, which makes all samples the same
     * @throws CapacityException if the prompt leaves no room for an answer
     */
    public Vote vote(ReasoningRequest request, VoteOptions options, Function<ReasoningResult, String> answerKey) {
        if (request.sampling().isGreedy() && options.samples() > 1) {
            throw new IllegalArgumentException("a vote of " + options.samples()
                    + " samples needs a temperature above 0; greedy samples are all the same");
        }
        refuseLiveLimits(request, "a vote");
        return new VoteRun(model, request, plan(request, false), options, answerKey).run();
    }

    /**
     * Runs many requests through the continuous batch, blocking. Results come in the order of the requests; one that
     * fails does not lose the others. Interrupting the caller cancels what is left.
     *
     * @param progress hears of every request that ended, one at a time, in the caller's thread; what it throws is
     *     ignored
     */
    public List<Outcome> reasonAll(List<ReasoningRequest> requests, Consumer<BatchProgress> progress) {
        return new BatchRun(this, requests, progress).run();
    }

    private static void refuseLiveLimits(ReasoningRequest request, String what) {
        if (request.deadline().isPresent()
                || request.probe().isPresent()
                || request.loopGuard().isPresent()) {
            throw new IllegalArgumentException(what + " does not take a deadline, a probe or a loop guard");
        }
    }

    /** Starts reasoning that nobody listens to. Its result's dependents run on the engine's thread. */
    ReasoningHandle submitSilently(ReasoningRequest request) {
        return start(request, null, false);
    }

    private ReasoningRun start(ReasoningRequest request, ReasoningListener listener, boolean adjustable) {
        ReasoningRun run = new ReasoningRun(model, request, plan(request, adjustable), listener);
        run.submit();
        return run;
    }

    private RunPlan plan(ReasoningRequest request, boolean adjustable) {
        ProtocolTokens tokens = protocols.get(request.protocolOverride().orElse(protocol));
        return RunPlan.of(tokens, prompt(request, tokens), request, model.contextTokens(), adjustable);
    }

    private PromptBuilder.Prompt prompt(ReasoningRequest request, ProtocolTokens tokens) {
        PromptBuilder.Prompt prompt = prompts.build(request.messages(), tokens.protocol());
        if (request.promptOverflow() == ReasoningRequest.PromptOverflow.TRUNCATE_QUESTION) {
            prompt = truncate(prompt, request, tokens);
        }
        model.checkPrompt(prompt.ids());
        return prompt;
    }

    private PromptBuilder.Prompt truncate(
            PromptBuilder.Prompt prompt, ReasoningRequest request, ProtocolTokens tokens) {
        long room = RunPlan.promptRoom(tokens, request, model.contextTokens());
        if (prompt.ids().length <= room) {
            return prompt;
        }
        PromptBuilder.Prompt shorter =
                prompts.buildTruncated(request.messages(), tokens.protocol(), (int) Math.max(0, room));
        if (shorter == null) {
            throw new CapacityException(
                    "budget and answer leave " + room + " tokens for the prompt; without its question"
                            + " it is longer (whole prompt: " + prompt.ids().length + ")");
        }
        return shorter;
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
            return new Reasoner(
                    model,
                    protocol != null ? protocol : model.detectedProtocol().protocol());
        }
    }
}
