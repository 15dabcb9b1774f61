package dev.m1.examples;

import dev.m1.LanguageModel;
import dev.m1.Reasoner;
import dev.m1.ReasoningListener;
import dev.m1.ReasoningRequest;
import dev.m1.ReasoningResult;
import dev.m1.thinking.ThinkingBudget;
import dev.m1.thinking.ThinkingEnd;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;

/** Shows thinking and answer while they are written. Arguments: checkpoint directory, question. */
public final class StreamAnswer {
    private StreamAnswer() {}

    public static void main(String[] args) {
        try (LanguageModel model = LanguageModel.open(Path.of(args[0]))) {
            stream(model, args[1], System.out).join();
        }
    }

    /** Returns at once; the future ends after the last piece has been written. */
    static CompletableFuture<ReasoningResult> stream(LanguageModel model, String question, Appendable out) {
        ReasoningRequest request = ReasoningRequest.builder()
                .user(question)
                .budget(ThinkingBudget.upTo(128))
                .maxAnswerTokens(64)
                .build();
        return Reasoner.of(model).submit(request, new Printer(out)).result();
    }

    /** Hears one piece after the other, on a thread of its own: blocking here holds up nobody else. */
    private record Printer(Appendable out) implements ReasoningListener {
        @Override
        public void onThinking(String piece) {
            print(piece);
        }

        @Override
        public void onThinkingEnd(ThinkingEnd reason) {
            print("\n[" + reason + "]\n");
        }

        @Override
        public void onAnswer(String piece) {
            print(piece);
        }

        private void print(String text) {
            try {
                out.append(text);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
