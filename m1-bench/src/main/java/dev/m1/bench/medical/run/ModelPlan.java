package dev.m1.bench.medical.run;

import dev.m1.ModelOptions;
import dev.m1.ReasoningRequest;
import dev.m1.chat.ChatTemplate;
import dev.m1.checkpoint.Checkpoint;
import dev.m1.thinking.ThinkingProtocol;
import dev.m1.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;

/**
 * How a model is opened for a run: a context that holds the longest question with the largest budget and its answer,
 * and room for several of them.
 *
 * @param options for opening it
 * @param shortage what does not fit into the context; empty if everything does
 */
record ModelPlan(ModelOptions options, Optional<String> shortage) {
    /** Markers, newlines and the like. */
    private static final int FRAME = 64; // tokens

    private static final int WAIT = 16; // tokens a Wait may cost
    private static final int ROWS_PER_QUESTION = 4; // its thinking, and answers that fork off it
    private static final int MOST_ROWS = 256;

    static ModelPlan of(EvalOptions o, List<ReasoningRequest> requests) {
        int supported;
        try (Checkpoint checkpoint = Checkpoint.open(o.model())) {
            supported = checkpoint.spec().contextLength();
        }
        int prompt = longestPrompt(o, requests);
        long needed = needed(o, prompt);
        long context = o.contextTokens() > 0 ? o.contextTokens() : Math.min(needed, supported);
        String shortage = context >= needed
                ? null
                : "the context of " + context + " tokens is shorter than the " + needed
                        + " that the longest question (" + prompt
                        + "), the largest budget and its answer may need: long thinking or answers will be cut earlier";
        int cells = o.grid().size();
        int rows = Math.clamp((long) o.concurrency() * Math.min(cells, ROWS_PER_QUESTION), 1, MOST_ROWS);
        ModelOptions options = ModelOptions.builder()
                .backend(o.backend())
                .threads(o.threads())
                .contextTokens((int) context)
                .weights(o.weights())
                .maxSequences(rows)
                .maxStepTokens(Math.max(rows, ModelOptions.defaults().maxStepTokens()))
                // Few questions think as long as they may; those that find no room wait.
                .kvTokens(context * (1 + o.concurrency()) / 2)
                .build();
        return new ModelPlan(options, Optional.ofNullable(shortage));
    }

    private static int longestPrompt(EvalOptions o, List<ReasoningRequest> requests) {
        Tokenizer tokenizer = Tokenizer.load(o.model());
        ChatTemplate template = ChatTemplate.load(o.model());
        return requests.parallelStream()
                .mapToInt(request -> tokenizer.encode(template.render(request.messages(), true)).length)
                .max()
                .orElse(0);
    }

    private static long needed(EvalOptions o, int prompt) {
        int waits = o.grid().waits().getLast();
        boolean fresh = o.protocol().isPresent()
                && o.protocol().get().roundBudget() == ThinkingProtocol.RoundBudget.FULL;
        long thinking = (long) o.grid().budgets().getLast() * (fresh ? waits + 1 : 1);
        long tokens = prompt + thinking + o.maxAnswerTokens() + FRAME + (long) WAIT * waits;
        return (tokens + 15) / 16 * 16;
    }
}
