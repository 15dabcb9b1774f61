package dev.m1.examples;

import dev.m1.LanguageModel;
import dev.m1.Reasoner;
import dev.m1.ReasoningRequest;
import dev.m1.ReasoningResult;
import dev.m1.thinking.ThinkingBudget;
import java.nio.file.Path;

/** Thinks at most so many tokens, is cut there, and answers. Arguments: checkpoint directory, question. */
public final class AskWithBudget {
    private AskWithBudget() {}

    public static void main(String[] args) {
        try (LanguageModel model = LanguageModel.open(Path.of(args[0]))) {
            ReasoningResult result = ask(model, args[1], 128);
            System.out.println(result.thinking());
            System.out.println("-> " + result.answer().strip());
            System.out.println(result.thinkingEnd() + " after " + result.usage().thinkingTokens() + " tokens");
        }
    }

    static ReasoningResult ask(LanguageModel model, String question, int tokens) {
        return Reasoner.of(model)
                .reason(ReasoningRequest.builder()
                        .user(question)
                        .budget(ThinkingBudget.upTo(tokens))
                        .maxAnswerTokens(64)
                        .build());
    }
}
