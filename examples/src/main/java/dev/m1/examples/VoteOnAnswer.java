package dev.m1.examples;

import dev.m1.LanguageModel;
import dev.m1.ModelOptions;
import dev.m1.Reasoner;
import dev.m1.ReasoningRequest;
import dev.m1.ReasoningResult;
import dev.m1.Vote;
import dev.m1.sampling.Sampling;
import dev.m1.thinking.ThinkingBudget;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Samples several thoughts and counts what they conclude. Arguments: checkpoint directory, question. */
public final class VoteOnAnswer {
    private static final Pattern BOXED = Pattern.compile("\\\\boxed\\{([^{}]*)}");
    private static final int SAMPLES = 5;

    private VoteOnAnswer() {}

    public static void main(String[] args) {
        ModelOptions options = ModelOptions.builder().maxSequences(SAMPLES).build();
        try (LanguageModel model = LanguageModel.open(Path.of(args[0]), options)) {
            Vote vote = vote(model, args[1]);
            vote.tally().forEach((answer, votes) -> System.out.println(votes + " for " + answer));
            System.out.println("winner: " + vote.winner().orElse("none"));
        }
    }

    static Vote vote(LanguageModel model, String question) {
        ReasoningRequest request = ReasoningRequest.builder()
                .user(question)
                .budget(ThinkingBudget.upTo(256))
                .maxAnswerTokens(64)
                .sampling(Sampling.builder().temperature(0.7).seed(1).build())
                .build();
        return Reasoner.of(model).vote(request, SAMPLES, VoteOnAnswer::letter);
    }

    /** What a thought votes for; null is an abstention. */
    private static String letter(ReasoningResult result) {
        Matcher boxed = BOXED.matcher(result.answer());
        return boxed.find() ? boxed.group(1) : null;
    }
}
