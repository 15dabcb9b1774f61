package dev.m1;

import dev.m1.errors.CapacityException;
import dev.m1.thinking.ProtocolTokens;
import dev.m1.thinking.ThinkingBudget;
import dev.m1.thinking.ThinkingProtocol;

/**
 * How a request is laid out in the context: the prompt, the protocol's markers, at most so much thinking, and the
 * answer, whose room is kept free first.
 *
 * @param tokens the protocol in ids
 * @param prompt the rendered prompt
 * @param thinkingTokens cap on thinking (each round's, where rounds have their own): the budget, or less if the context
 *     has no more
 * @param mostThinkingTokens what that cap may be raised to while the request runs
 * @param answerTokens cap on the answer
 * @param sequenceTokens most ids the sequence can come to have
 */
record RunPlan(
        ProtocolTokens tokens,
        PromptBuilder.Prompt prompt,
        int thinkingTokens,
        int mostThinkingTokens,
        int answerTokens,
        int sequenceTokens) {

    /**
     * @param adjustable whether the budget may be raised later
     * @throws CapacityException if prompt and markers leave no room for an answer
     */
    static RunPlan of(
            ProtocolTokens tokens,
            PromptBuilder.Prompt prompt,
            ReasoningRequest request,
            int context,
            boolean adjustable) {
        ThinkingProtocol protocol = tokens.protocol();
        ThinkingBudget budget = request.budget();
        int promptTokens = prompt.ids().length;
        long frame = frameTokens(tokens, budget);
        long room = context - promptTokens - frame;
        if (room < 1) {
            throw new CapacityException("the prompt has " + promptTokens + " tokens, the " + protocol
                    + " protocol adds up to " + frame + ", and an answer needs at least 1; the context has " + context);
        }
        long rounds = protocol.roundBudget() == ThinkingProtocol.RoundBudget.FULL ? budget.waits() + 1L : 1;
        // Where the context is too short for both, thinking leaves the answer a quarter of the room.
        long answerFloor = Math.min(request.maxAnswerTokens(), Math.max(1, room / 4));
        long thinkingRoom = protocol.hasThinking() ? (room - answerFloor) / rounds : 0;
        int thinking = (int) Math.min(budget.maxTokens(), thinkingRoom);
        int answer = (int) Math.min(request.maxAnswerTokens(), room - thinking * rounds);
        int most = protocol.hasThinking() ? (int) ((room - answer) / rounds) : 0;
        boolean wholeContext = adjustable
                || protocol.join() == ThinkingProtocol.Join.TEXT
                || request.probe().isPresent();
        long sequence = wholeContext ? context : promptTokens + frame + thinking * rounds + answer;
        return new RunPlan(tokens, prompt, thinking, adjustable ? most : thinking, answer, (int) sequence);
    }

    /**
     * Most prompt tokens beside which budget and answer fit. A budget or an answer beyond what any prompt would leave
     * counts as half and a quarter of the context.
     */
    static long promptRoom(ProtocolTokens tokens, ReasoningRequest request, int context) {
        ThinkingProtocol protocol = tokens.protocol();
        boolean fresh = protocol.roundBudget() == ThinkingProtocol.RoundBudget.FULL;
        long rounds = fresh ? request.budget().waits() + 1L : 1;
        long thinking = protocol.hasThinking() ? request.budget().maxTokens() * rounds : 0;
        long answer = Math.min(request.maxAnswerTokens(), context / 4);
        return context - frameTokens(tokens, request.budget()) - answer - Math.min(thinking, context / 2);
    }

    private static long frameTokens(ProtocolTokens tokens, ThinkingBudget budget) {
        if (!tokens.protocol().hasThinking()) {
            return 0;
        }
        long waits = budget.waits() == 0 ? 0 : (long) budget.waits() * tokens.maxWaitTokens(budget);
        return tokens.maxFrameTokens() + waits;
    }
}
