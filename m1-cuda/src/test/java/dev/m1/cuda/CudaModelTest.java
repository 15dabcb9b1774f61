package dev.m1.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import dev.m1.BudgetGrid;
import dev.m1.BudgetSweep;
import dev.m1.LanguageModel;
import dev.m1.ModelOptions;
import dev.m1.Reasoner;
import dev.m1.ReasoningHandle;
import dev.m1.ReasoningListener;
import dev.m1.ReasoningRequest;
import dev.m1.ReasoningResult;
import dev.m1.Vote;
import dev.m1.cuda.decoder.TestDevice;
import dev.m1.sampling.Sampling;
import dev.m1.testing.Fixtures;
import dev.m1.thinking.ThinkingBudget;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The public API over the CUDA backend, as a host sees it. */
class CudaModelTest {
    private static LanguageModel open(String backend) {
        ModelOptions options = ModelOptions.builder()
                .backend(backend)
                .contextTokens(256)
                .maxSequences(6)
                .maxStepTokens(64)
                .kvTokens(1024)
                .threads(1)
                .build();
        return LanguageModel.open(Fixtures.model("tiny-qwen2"), options);
    }

    private static ReasoningRequest request(int budget, int waits) {
        return ReasoningRequest.builder()
                .user("Which vitamin?")
                .budget(ThinkingBudget.upTo(budget).withWaits(waits))
                .maxAnswerTokens(4)
                .build();
    }

    @Test
    void aSweepGivesWhatSeparateRunsOnTheProcessorGive() {
        TestDevice.require();
        try (LanguageModel cuda = open("auto");
                LanguageModel cpu = open("cpu")) {
            assertThat(cuda.info().backend()).isEqualTo("cuda");
            Reasoner reasoner = Reasoner.of(cuda);
            BudgetSweep sweep = reasoner.sweep(request(8, 0), BudgetGrid.of(new int[] {0, 8}, new int[] {0, 1}));
            for (int waits : List.of(0, 1)) {
                ReasoningResult expected = Reasoner.of(cpu).reason(request(8, waits));
                assertThat(sweep.result(8, waits).thinking()).isEqualTo(expected.thinking());
                assertThat(sweep.result(8, waits).answer()).isEqualTo(expected.answer());
            }
        }
    }

    @Test
    void sampledVotesAreThoseOfTheProcessor() {
        TestDevice.require();
        ReasoningRequest sampled = ReasoningRequest.builder()
                .user("Which vitamin?")
                .budget(ThinkingBudget.upTo(4))
                .maxAnswerTokens(3)
                .sampling(Sampling.builder().temperature(0.9).topP(0.9).seed(5).build())
                .build();
        try (LanguageModel cuda = open("cuda");
                LanguageModel cpu = open("cpu")) {
            Vote on = Reasoner.of(cuda).vote(sampled, 3, ReasoningResult::answer);
            Vote off = Reasoner.of(cpu).vote(sampled, 3, ReasoningResult::answer);
            assertThat(on.tally()).isEqualTo(off.tally());
        }
    }

    @Test
    void aCancelledRunKeepsWhatItHasAndTheModelGoesOn() throws Exception {
        TestDevice.require();
        try (LanguageModel cuda = open("cuda")) {
            Reasoner reasoner = Reasoner.of(cuda);
            ReasoningHandle handle = reasoner.submit(request(100, 0), new ReasoningListener() {});
            handle.cancel();
            ReasoningResult cut = handle.result().get();
            assertThat(cut.thinkingEnd()).isNotNull();
            assertThat(reasoner.reason(request(2, 0)).usage().promptTokens()).isPositive();
        }
    }
}
