package dev.m1;

import dev.m1.chat.Message;
import dev.m1.sampling.Sampling;
import dev.m1.thinking.LoopGuard;
import dev.m1.thinking.ThinkingBudget;
import dev.m1.thinking.ThinkingProtocol;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A question and how it may be reasoned about.
 *
 * @param messages the conversation; its texts are data and never become control tokens
 * @param budget cap on thinking, and Waits
 * @param maxAnswerTokens cap on the answer
 * @param sampling how tokens are picked; greedy unless asked otherwise, the checkpoint's own defaults do not apply
 * @param protocolOverride a thinking protocol for this request only
 * @param promptOverflow what happens to a prompt that does not fit
 * @param deadline wall time from submission after which the answer should be there: thinking is cut so that, at the
 *     measured decode rate, an answer of {@code maxAnswerTokens} still fits. When it has passed the request ends within
 *     a step, wherever it is (queued, thinking, answering), with what there is and {@code DEADLINE} as the reason
 * @param loopGuard cuts thinking that repeats itself
 * @param probe looks at the answer while the model thinks
 */
public record ReasoningRequest(
        List<Message> messages,
        ThinkingBudget budget,
        int maxAnswerTokens,
        Sampling sampling,
        Optional<ThinkingProtocol> protocolOverride,
        PromptOverflow promptOverflow,
        Optional<Duration> deadline,
        Optional<LoopGuard> loopGuard,
        Optional<ProbeSettings> probe) {

    /** What to do when the prompt leaves no room for an answer. */
    public enum PromptOverflow {
        /** Fail with both numbers. */
        REFUSE,
        /** Drop tokens from the end of the last user message until thinking budget and answer fit. */
        TRUNCATE_QUESTION
    }

    public ReasoningRequest {
        messages = List.copyOf(messages);
        Objects.requireNonNull(budget, "budget");
        Objects.requireNonNull(sampling, "sampling");
        Objects.requireNonNull(protocolOverride, "protocolOverride");
        Objects.requireNonNull(promptOverflow, "promptOverflow");
        if (deadline.isPresent()
                && (deadline.get().isNegative() || deadline.get().isZero())) {
            throw new IllegalArgumentException("deadline must be positive, got " + deadline.get());
        }
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("a request needs at least one message");
        }
        if (maxAnswerTokens < 1) {
            throw new IllegalArgumentException("maxAnswerTokens must be >= 1, got " + maxAnswerTokens);
        }
    }

    /** The same request with another budget. */
    public ReasoningRequest withBudget(ThinkingBudget other) {
        return toBuilder().budget(other).build();
    }

    /** A builder that starts from this request. */
    public Builder toBuilder() {
        Builder b = new Builder();
        b.messages.addAll(messages);
        b.budget = budget;
        b.maxAnswerTokens = maxAnswerTokens;
        b.sampling = sampling;
        b.protocol = protocolOverride;
        b.promptOverflow = promptOverflow;
        b.deadline = deadline;
        b.loopGuard = loopGuard;
        b.probe = probe;
        return b;
    }

    public static Builder builder() {
        return new Builder();
    }

    /** Collects a request. */
    public static final class Builder {
        private final List<Message> messages = new ArrayList<>();
        private ThinkingBudget budget = ThinkingBudget.upTo(ThinkingBudget.DEFAULT_TOKENS);
        private int maxAnswerTokens = 1024;
        private Sampling sampling = Sampling.greedy();
        private Optional<ThinkingProtocol> protocol = Optional.empty();
        private PromptOverflow promptOverflow = PromptOverflow.REFUSE;

        private Optional<Duration> deadline = Optional.empty();
        private Optional<LoopGuard> loopGuard = Optional.empty();
        private Optional<ProbeSettings> probe = Optional.empty();

        private Builder() {}

        /** Adds a system message. */
        public Builder system(String content) {
            return message(Message.system(content));
        }

        /** Adds a user message. */
        public Builder user(String content) {
            return message(Message.user(content));
        }

        public Builder message(Message message) {
            messages.add(Objects.requireNonNull(message, "message"));
            return this;
        }

        /** Replaces the conversation. */
        public Builder messages(List<Message> conversation) {
            messages.clear();
            messages.addAll(conversation);
            return this;
        }

        public Builder budget(ThinkingBudget budget) {
            this.budget = budget;
            return this;
        }

        public Builder maxAnswerTokens(int maxAnswerTokens) {
            this.maxAnswerTokens = maxAnswerTokens;
            return this;
        }

        public Builder sampling(Sampling sampling) {
            this.sampling = sampling;
            return this;
        }

        public Builder protocol(ThinkingProtocol protocol) {
            this.protocol = Optional.of(protocol);
            return this;
        }

        public Builder promptOverflow(PromptOverflow promptOverflow) {
            this.promptOverflow = promptOverflow;
            return this;
        }

        public Builder deadline(Duration deadline) {
            this.deadline = Optional.of(deadline);
            return this;
        }

        public Builder loopGuard(LoopGuard guard) {
            this.loopGuard = Optional.of(guard);
            return this;
        }

        public Builder probe(ProbeSettings probe) {
            this.probe = Optional.of(probe);
            return this;
        }

        /**
         * @throws IllegalArgumentException if there is no message or a number is out of range
         */
        public ReasoningRequest build() {
            return new ReasoningRequest(
                    messages, budget, maxAnswerTokens, sampling, protocol, promptOverflow, deadline, loopGuard, probe);
        }
    }
}
