package dev.m1;

import static dev.m1.thinking.ThinkingBudget.upTo;

import dev.m1.sampling.Sampling;
import dev.m1.thinking.ThinkingProtocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Requests of all kinds for tests that try many. */
final class RandomRequests {
    private RandomRequests() {}

    static Sampling sampling(Random random) {
        return random.nextBoolean()
                ? Sampling.greedy()
                : Sampling.builder()
                        .temperature(0.9)
                        .topK(40)
                        .seed(random.nextInt(50))
                        .build();
    }

    /** Random question, budget below {@code mostBudget}, up to 2 Waits, greedy or sampled. */
    static ReasoningRequest.Builder request(Random random, int mostBudget) {
        return ReasoningRequest.builder()
                .user("q".repeat(random.nextInt(3)) + " which is it? " + random.nextInt(40))
                .budget(upTo(random.nextInt(mostBudget)).withWaits(random.nextInt(3)))
                .maxAnswerTokens(1 + random.nextInt(12))
                .sampling(sampling(random));
    }

    /** A protocol with stops that random weights reach: some of the vocabulary besides its own. */
    static ThinkingProtocol withStops(ThinkingProtocol p, LanguageModel model, Random random) {
        List<String> stops = new ArrayList<>(p.thinkingStops());
        for (int i = 0; i < 200; i++) {
            stops.add(model.tokenizer().token(300 + random.nextInt(1500)));
        }
        return p.toBuilder(p.name()).thinkingStops(stops.toArray(String[]::new)).build();
    }
}
