package dev.m1.examples;

import dev.m1.LanguageModel;
import dev.m1.Reasoner;
import dev.m1.ReasoningHandle;
import dev.m1.ReasoningListener;
import dev.m1.ReasoningRequest;
import dev.m1.ReasoningResult;
import dev.m1.thinking.ThinkingBudget;
import java.nio.file.Path;
import java.time.Duration;

/** Ends thinking while it runs: by a user's wish, or by the clock. Arguments: checkpoint directory, question. */
public final class LiveControl {
    private LiveControl() {}

    public static void main(String[] args) {
        try (LanguageModel model = LanguageModel.open(Path.of(args[0]))) {
            System.out.println("asked to answer now: " + answerAfterFirstPiece(model, args[1]).answer());
            System.out.println("within two seconds:  " + within(model, args[1], Duration.ofSeconds(2)).answer());
        }
    }

    /** Answers as soon as there is something to see, as if a user had pressed a button then. */
    static ReasoningResult answerAfterFirstPiece(LanguageModel model, String question) {
        Button button = new Button();
        button.handle = Reasoner.of(model).submit(request(question).build(), button);
        return button.handle.result().join();
    }

    /** Thinks no longer than leaves time for an answer. */
    static ReasoningResult within(LanguageModel model, String question, Duration time) {
        return Reasoner.of(model).reason(request(question).deadline(time).build());
    }

    private static ReasoningRequest.Builder request(String question) {
        return ReasoningRequest.builder()
                .user(question)
                .budget(ThinkingBudget.upTo(1024))
                .maxAnswerTokens(64);
    }

    private static final class Button implements ReasoningListener {
        private volatile ReasoningHandle handle;

        @Override
        public void onThinking(String piece) {
            ReasoningHandle running = handle;
            if (running != null) { // the first piece may be here before submit() has returned
                running.answerNow(); // pressing twice does no harm
            }
        }
    }
}
