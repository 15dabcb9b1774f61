package dev.m1;

import static dev.m1.thinking.ThinkingBudget.upTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.sampling.Sampling;
import dev.m1.testing.Fixtures;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class VoteTest {
    private CountingDecoder counter;
    private LanguageModel model;
    private Reasoner reasoner;

    @BeforeEach
    void open() {
        ModelOptions options =
                ModelOptions.builder().contextTokens(300).kvTokens(1200).build();
        model = LanguageModel.open(Fixtures.model("tiny-qwen2"), options, d -> counter = new CountingDecoder(d));
        reasoner = Reasoner.of(model);
    }

    @AfterEach
    void close() {
        model.close();
    }

    private static ReasoningRequest request() {
        return ReasoningRequest.builder()
                .user("Which one is it?")
                .budget(upTo(12))
                .maxAnswerTokens(6)
                .sampling(Sampling.builder().temperature(1).seed(5).build())
                .build();
    }

    @Test
    void samplesShareThePromptAndDiffer() {
        Vote v = reasoner.vote(request(), 6, r -> null);
        assertThat(v.samples()).hasSize(6);
        assertThat(v.samples().stream().map(ReasoningResult::thinking).distinct())
                .hasSizeGreaterThan(4);
        assertThat(v.abstentions()).isEqualTo(6);
        assertThat(v.winner()).isEmpty();
        assertThat(v.fedTokens()).isEqualTo(counter.tokens);
        int prompt = v.samples().get(0).usage().promptTokens();
        // one prompt, and 6 × (markers, thinking, answer), the last prompt id of each fork again
        assertThat(v.fedTokens()).isLessThan(prompt + 6 * 50L);
        long own = v.samples().stream().mapToLong(r -> r.usage().fedTokens()).sum();
        assertThat(own).as("the samples' ledgers").isEqualTo(v.fedTokens());
    }

    @Test
    void sampleZeroIsThePlainRunAndAVoteRepeats() {
        ReasoningResult alone = reasoner.reason(request());
        Vote a = reasoner.vote(request(), 4, ReasoningResult::answer);
        Vote b = reasoner.vote(request(), 4, ReasoningResult::answer);
        assertThat(a.samples().get(0).thinkingIds()).isEqualTo(alone.thinkingIds());
        assertThat(a.samples().get(0).answerIds()).isEqualTo(alone.answerIds());
        for (int i = 0; i < 4; i++) {
            assertThat(b.samples().get(i).answerIds())
                    .isEqualTo(a.samples().get(i).answerIds());
        }
    }

    @Test
    void endsWhenNoOtherAnswerCanWin() {
        Vote v = reasoner.vote(request(), 8, r -> "same");
        assertThat(v.winner()).contains("same");
        assertThat(v.samples().size() + v.cancelled()).isEqualTo(8);
        assertThat(v.samples().size()).isBetween(4, 8); // 4 of 8 cannot be overtaken
        assertThat(v.agreement()).isEqualTo(1.0);
        assertThat(v.fedTokens()).isEqualTo(counter.tokens);
    }

    @Test
    void countsOnlyTheFirstToFinish() {
        Vote v = reasoner.vote(request(), VoteOptions.shortest(2, 6), ReasoningResult::answer);
        assertThat(v.samples()).hasSizeLessThanOrEqualTo(2);
        assertThat(v.cancelled()).isGreaterThanOrEqualTo(4);
    }

    @Test
    void theTallyDecidesAsSoonAsItCan() {
        Tally t = new Tally();
        assertThat(t.isDecided(3)).isFalse();
        t.add("A");
        assertThat(t.isDecided(2)).isFalse(); // two others could still come
        assertThat(t.isDecided(1)).isTrue(); // a tie does not overtake
        t.add("B");
        t.add("B");
        assertThat(t.leader()).isEqualTo(Optional.of("B"));
        assertThat(t.isDecided(2)).isFalse();
        t.add("C");
        t.add("A");
        assertThat(t.leader()).as("who was there first leads").isEqualTo(Optional.of("B"));
        assertThat(t.agreement()).isEqualTo(0.4);
        assertThat(List.copyOf(t.sorted().entrySet()))
                .isEqualTo(List.of(Map.entry("B", 2), Map.entry("A", 2), Map.entry("C", 1)));
    }

    @Test
    void badVotesAreRefused() {
        assertThatThrownBy(() -> reasoner.vote(request(), 0, r -> "x")).hasMessageContaining("0");
        assertThatThrownBy(() -> VoteOptions.shortest(4, 3)).hasMessageContaining("4");
        ReasoningRequest greedy =
                request().toBuilder().sampling(Sampling.greedy()).build();
        assertThatThrownBy(() -> reasoner.vote(greedy, 3, r -> "x"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("greedy");
        assertThatThrownBy(() -> reasoner.vote(request(), 3, r -> {
                    throw new IllegalStateException("key");
                }))
                .hasMessage("key");
        assertThatThrownBy(() -> reasoner.vote(request(), 3, r -> {
                    throw new AssertionError("a host's own");
                }))
                .isInstanceOf(AssertionError.class);
        assertThat(reasoner.vote(request(), 2, r -> "x").winner()).contains("x"); // nothing was lost
    }
}
