package org.example.host;

import dev.m1.LanguageModel;
import dev.m1.Reasoner;
import dev.m1.ReasoningRequest;
import dev.m1.ReasoningResult;
import dev.m1.thinking.ThinkingBudget;
import java.nio.file.Path;

/** Asks one question within a budget. Arguments: checkpoint directory, and the path it should run on. */
public final class Host {
    private static final int BUDGET = 24; // tokens

    private Host() {}

    public static void main(String[] args) {
        String path = Host.class.getModule().isNamed() ? "module" : "class";
        check(path.equals(args[1]), "runs on the " + path + " path");
        try (LanguageModel model = LanguageModel.open(Path.of(args[0]))) {
            ReasoningResult result = Reasoner.of(model)
                    .reason(ReasoningRequest.builder()
                            .user("Which Corvane band?\nA. amber\nB. basalt")
                            .budget(ThinkingBudget.upTo(BUDGET))
                            .maxAnswerTokens(16)
                            .build());
            check(result.usage().thinkingTokens() <= BUDGET, result.usage().toString());
            check(result.answer().length() > 0, "no answer");
            System.out.println("on the " + path + " path, " + model.info().backend() + " ("
                    + model.info().backendDetail() + "): " + result.thinkingEnd() + ", " + result.answer().strip());
        }
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new IllegalStateException(what);
        }
    }
}
