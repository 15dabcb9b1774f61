package dev.m1;

import static dev.m1.thinking.ThinkingBudget.upTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.sampling.Sampling;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VoteTest extends OpenModelTest {
    VoteTest() {
        super("tiny-qwen2", ModelOptions.builder().contextTokens(300).kvTokens(1200).build());
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
        assertThat(t.isDecided(3, 0)).isFalse();
        t.add("A", 2);
        assertThat(t.isDecided(2, 3)).isFalse(); // two others could still come
        assertThat(t.isDecided(1, 3)).as("a tie with a later sample does not overtake").isTrue();
        assertThat(t.isDecided(1, 0)).as("a tie with an earlier sample does").isFalse();
        t.add("B", 1);
        t.add("B", 5);
        assertThat(t.leader()).isEqualTo(Optional.of("B"));
        assertThat(t.isDecided(2, 0)).isFalse();
        t.add("C", 0);
        t.add("A", 4);
        assertThat(t.leader()).as("of equals the one with the lowest sample").isEqualTo(Optional.of("B"));
        assertThat(t.agreement()).isEqualTo(0.4);
        assertThat(List.copyOf(t.sorted().entrySet()))
                .isEqualTo(List.of(Map.entry("B", 2), Map.entry("A", 2), Map.entry("C", 1)));
    }

    /** Against the definition: whatever the votes to come are, the leader stays. */
    @Test
    void aDecidedTallyCannotBeOverturnedAndAnUndecidedOneCan() {
        String[] keys = {"A", "B", "C", null};
        int n = 4;
        int decided = 0;
        for (int code = 0; code < 256; code++) {
            for (int order = 0; order < 24; order++) {
                List<Integer> samples = permutation(n, order);
                for (int cut = 1; cut <= n; cut++) {
                    Tally seen = new Tally();
                    for (int i = 0; i < cut; i++) {
                        addVote(seen, keys[code >> 2 * samples.get(i) & 3], samples.get(i));
                    }
                    List<Integer> rest = samples.subList(cut, n);
                    int lowest = rest.stream().mapToInt(i -> i).min().orElse(n);
                    boolean overturned = false;
                    for (int more = 0; more < 1 << 2 * rest.size(); more++) {
                        Tally all = new Tally();
                        for (int i = 0; i < cut; i++) {
                            addVote(all, keys[code >> 2 * samples.get(i) & 3], samples.get(i));
                        }
                        for (int i = 0; i < rest.size(); i++) {
                            addVote(all, keys[more >> 2 * i & 3], rest.get(i));
                        }
                        overturned |= !all.leader().equals(seen.leader());
                    }
                    if (seen.isDecided(rest.size(), lowest)) {
                        decided++;
                        assertThat(overturned).as(code + " " + samples + " " + cut).isFalse();
                    }
                }
            }
        }
        assertThat(decided).isGreaterThan(256 * 24); // not only when all votes are in
    }

    private static void addVote(Tally tally, String key, int sample) {
        if (key != null) {
            tally.add(key, sample);
        }
    }

    private static List<Integer> permutation(int n, int index) {
        List<Integer> left = new ArrayList<>();
        for (int i = 0; i < n; i++) {
            left.add(i);
        }
        List<Integer> order = new ArrayList<>();
        for (int size = n, rest = index; size > 0; rest /= size, size--) {
            order.add(left.remove(rest % size));
        }
        return order;
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

    @Test
    void theKeyMayUseTheModelItself() {
        Vote v = reasoner.vote(request(), 4, r -> {
            ReasoningRequest judge = ReasoningRequest.builder()
                    .user("Is it right? " + r.answer())
                    .budget(upTo(2))
                    .maxAnswerTokens(1)
                    .build();
            return reasoner.reason(judge).answerIds()[0] % 2 == 0 ? "even" : "odd";
        });
        assertThat(v.winner()).isPresent();
        assertThat(v.samples().size() + v.cancelled()).isEqualTo(4);
    }
}
