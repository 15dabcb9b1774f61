package dev.m1.bench;

import dev.m1.LanguageModel;
import dev.m1.ModelOptions;
import dev.m1.Reasoner;
import dev.m1.ReasoningRequest;
import dev.m1.chat.Message;
import dev.m1.thinking.ThinkingBudget;
import dev.m1.thinking.ThinkingProtocol;
import java.nio.file.Path;
import java.util.List;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** A whole model and one question, shared by the benchmarks that reason: {@code -p model=DIR}. */
@State(Scope.Benchmark)
public class OpenModel {
    static final String QUESTION = "Which vitamin deficiency causes scurvy?";

    /** Checkpoint folder with a tokenizer and a ChatML template. */
    @Param("")
    public String model;

    /** Compute threads; 0 means one per processor. A tiny model is measured with 1. */
    @Param("0")
    public int threads;

    LanguageModel opened;
    Reasoner reasoner;

    @Setup
    public void open() {
        opened = LanguageModel.open(
                Path.of(model),
                ModelOptions.builder()
                        .contextTokens(1024)
                        .kvTokens(16384)
                        .maxSequences(16)
                        .threads(threads)
                        .build());
        reasoner = Reasoner.builder(opened).protocol(ThinkingProtocol.M1).build();
    }

    @TearDown
    public void close() {
        opened.close();
    }

    /** The ids after which the thinking of {@link #QUESTION} begins. */
    int[] thinkingPrompt() {
        String prompt = opened.chatTemplate().render(List.of(Message.user(QUESTION)), true);
        return opened.tokenizer().encode(prompt + ThinkingProtocol.M1.open().text());
    }

    static ReasoningRequest request(int budget, int answer, String question) {
        return ReasoningRequest.builder()
                .user(question)
                .budget(ThinkingBudget.upTo(budget))
                .maxAnswerTokens(answer)
                .build();
    }
}
