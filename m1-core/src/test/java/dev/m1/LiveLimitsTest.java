package dev.m1;

import static dev.m1.thinking.ThinkingBudget.upTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.sampling.Sampling;
import dev.m1.testing.Fixtures;
import dev.m1.thinking.FinishReason;
import dev.m1.thinking.LoopGuard;
import dev.m1.thinking.ThinkingEnd;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Deadlines, loop guards and probes on a real (tiny, random) checkpoint. */
class LiveLimitsTest extends OpenModelTest {
    LiveLimitsTest() {
        super("tiny-qwen2", ModelOptions.defaults());
    }

    private static ReasoningRequest.Builder request(int budget) {
        return ReasoningRequest.builder()
                .user("Which one is it?")
                .budget(upTo(budget))
                .maxAnswerTokens(10);
    }

    @Test
    void aDeadlineCutsThinkingSoThatTheAnswerFits() {
        counter.sleepMillis = 5; // 800 tokens would take 4 s
        ReasoningResult r =
                reasoner.reason(request(800).deadline(Duration.ofMillis(800)).build());
        assertThat(r.thinkingEnd()).isEqualTo(ThinkingEnd.DEADLINE);
        assertThat(r.thinkingIds().length).isBetween(2, 160); // no more than one each 5 ms
        assertThat(r.thinkingEndDetail()).contains("800 ms");
        assertThat(r.answerPrefix()).contains("Final Answer:");
        assertThat(r.usage().fedTokens()).isEqualTo((int) counter.tokens);
    }

    @Test
    void anAnswerThatIsLateAllTheSameIsCut() {
        counter.sleepMillis = 5;
        ReasoningRequest r =
                request(0).maxAnswerTokens(800).deadline(Duration.ofMillis(200)).build();
        ReasoningResult result = reasoner.reason(r);
        assertThat(result.answerEnd()).isEqualTo(FinishReason.DEADLINE);
        assertThat(result.answerIds().length).isLessThan(60);
        assertThat(result.usage().fedTokens()).isEqualTo((int) counter.tokens);
    }

    @Test
    void aLongDeadlineChangesNothing() {
        ReasoningResult plain = reasoner.reason(request(30).build());
        ReasoningResult r =
                reasoner.reason(request(30).deadline(Duration.ofHours(1)).build());
        assertThat(r.thinkingIds()).isEqualTo(plain.thinkingIds());
        assertThat(r.answerIds()).isEqualTo(plain.answerIds());
        assertThat(r.thinkingEndDetail()).isEmpty();
        assertThatThrownBy(() -> request(3).deadline(Duration.ZERO).build()).hasMessageContaining("PT0S");
    }

    @Test
    void aLoopIsCut() {
        try (LanguageModel looping = LanguageModel.open(Fixtures.model("tiny-qwen3"))) {
            ReasoningResult plain = Reasoner.of(looping).reason(request(400).build());
            int[] ids = plain.thinkingIds();
            boolean loops = IntStream.range(3, ids.length)
                    .anyMatch(i -> ids[i] == ids[i - 1] && ids[i] == ids[i - 2] && ids[i] == ids[i - 3]);
            assertThat(loops)
                    .as("this checkpoint says the same token over and over")
                    .isTrue();
            ReasoningResult r = Reasoner.of(looping)
                    .reason(request(400).loopGuard(new LoopGuard(4, 4)).build());
            assertThat(r.thinkingEnd()).isEqualTo(ThinkingEnd.LOOP);
            assertThat(r.thinkingEndDetail()).contains("period");
            int n = r.thinkingIds().length;
            assertThat(n).isLessThan(400);
            assertThat(r.thinkingIds()).isEqualTo(Arrays.copyOf(ids, n));
        }
    }

    @Test
    void probesReadLettersAndLeaveTheThinkingAlone() {
        ReasoningResult plain = reasoner.reason(request(40).build());
        ReasoningResult r = reasoner.reason(
                request(40).probe(ProbeSettings.letters(10, "A", "B", "C")).build());
        assertThat(r.thinkingIds()).isEqualTo(plain.thinkingIds());
        assertThat(r.answerIds()).isEqualTo(plain.answerIds());
        assertThat(r.probes().stream().map(ProbePoint::thinkingTokens)).containsExactly(10, 20, 30, 40);
        for (ProbePoint p : r.probes()) {
            // the probe, put together by hand
            int[] thinking = Arrays.copyOf(plain.thinkingIds(), p.thinkingTokens());
            String text = model.tokenizer().decode(thinking);
            int[] ids = concat(
                    prompt(),
                    model.tokenizer().encode("<|im_start|>think\n"),
                    thinking,
                    text.endsWith("\n") ? new int[0] : model.tokenizer().encode("\n"),
                    model.tokenizer().encode("<|im_start|>answer\nFinal Answer:"));
            float[] logits = model.nextTokenLogits(ids);
            double sum = 0;
            for (float l : logits) {
                sum += Math.exp(l);
            }
            for (String letter : new String[] {"A", "B", "C"}) {
                double expected = 0;
                for (String form : new String[] {letter, " " + letter}) {
                    int[] single = model.tokenizer().encodeLiteral(form);
                    expected += single.length == 1 ? Math.exp(logits[single[0]]) / sum : 0;
                }
                // f64 sums of 1984 terms in another order: relative error below 1984 × 2^-53, far below 1e-9
                assertThat(p.probabilities().get(letter))
                        .isCloseTo(expected, org.assertj.core.api.Assertions.within(1e-9));
            }
        }
    }

    private static int[] concat(int[]... parts) {
        return Arrays.stream(parts).flatMapToInt(IntStream::of).toArray();
    }

    private int[] prompt() {
        return model.tokenizer()
                .encode(model.chatTemplate()
                        .renderSpans(java.util.List.of(dev.m1.chat.Message.user("Which one is it?")), true));
    }

    @Test
    void probesThatConvergeEndTheThinking() {
        ReasoningResult curve = reasoner.reason(
                request(60).probe(ProbeSettings.letters(5, "A", "B")).build());
        int first = firstRun(curve, 2);
        assertThat(first).as("two equal probes in a row exist").isPositive();
        ReasoningResult r = reasoner.reason(request(60)
                .probe(ProbeSettings.letters(5, "A", "B").stopWhen(ProbeSettings.converged(2)))
                .build());
        assertThat(r.thinkingEnd()).isEqualTo(ThinkingEnd.CONVERGED);
        assertThat(r.thinkingIds().length).isEqualTo(first + 1); // the token on its way is kept
        assertThat(r.thinkingEndDetail()).contains("2 probes in a row");
        double p =
                curve.probes().get(0).probabilities().get(curve.probes().get(0).answer());
        ReasoningResult sure = reasoner.reason(request(60)
                .probe(ProbeSettings.letters(5, "A", "B").stopWhen(ProbeSettings.probability(p)))
                .build());
        assertThat(sure.thinkingIds()).hasSize(6);
        assertThat(sure.thinkingEndDetail()).contains(">=");
    }

    private static int firstRun(ReasoningResult curve, int times) {
        for (int i = times - 1; i < curve.probes().size(); i++) {
            if (curve.probes().get(i).answer().equals(curve.probes().get(i - 1).answer())) {
                return curve.probes().get(i).thinkingTokens();
            }
        }
        return -1;
    }

    @Test
    void probesCanReadText() {
        ReasoningResult r =
                reasoner.reason(request(20).probe(ProbeSettings.text(7, 4)).build());
        assertThat(r.probes().stream().map(ProbePoint::thinkingTokens)).containsExactly(7, 14);
        ReasoningResult cutThere = reasoner.reason(request(7).maxAnswerTokens(4).build());
        assertThat(r.probes().get(0).answer()).isEqualTo(cutThere.answer().strip());
    }

    @Test
    void probesRunInASingleRowToo() {
        try (LanguageModel one = LanguageModel.open(
                Fixtures.model("tiny-qwen2"),
                ModelOptions.builder().maxSequences(1).build())) {
            ReasoningResult r = Reasoner.of(one)
                    .reason(request(20)
                            .probe(ProbeSettings.letters(5, "A", "B"))
                            .build());
            assertThat(r.probes()).hasSize(4);
            assertThat(r.thinkingIds()).hasSize(20);
        }
    }

    @Test
    void probesRunInATightPoolToo() {
        try (LanguageModel tight = LanguageModel.open(
                Fixtures.model("tiny-qwen2"),
                ModelOptions.builder().contextTokens(128).build())) {
            ReasoningResult r = Reasoner.of(tight)
                    .reason(request(Integer.MAX_VALUE)
                            .maxAnswerTokens(1)
                            .probe(ProbeSettings.letters(1, "A", "B"))
                            .build());
            assertThat(r.probes()).hasSizeGreaterThan(20);
            assertThat(r.thinkingEnd()).isEqualTo(ThinkingEnd.BUDGET);
            assertThat(r.thinkingEndDetail()).contains("the context leaves room");
        }
    }

    @Test
    void textProbesAreGreedyAndInTheLedger() {
        Sampling hot = Sampling.builder().temperature(5).seed(1).build();
        ReasoningResult r = reasoner.reason(
                request(16).sampling(hot).probe(ProbeSettings.text(8, 6)).build());
        assertThat(r.usage().fedTokens()).isEqualTo((int) counter.tokens);
        int[] ids =
                concat(prompt(), model.tokenizer().encode("<|im_start|>think\n"), Arrays.copyOf(r.thinkingIds(), 8));
        String text = model.tokenizer().decode(Arrays.copyOf(r.thinkingIds(), 8));
        ids = concat(
                ids,
                text.endsWith("\n") ? new int[0] : model.tokenizer().encode("\n"),
                model.tokenizer().encode("<|im_start|>answer\nFinal Answer:"));
        Generation greedy = model.generate(ids, GenerationOptions.greedy(6));
        assertThat(r.probes().get(0).answer()).isEqualTo(greedy.text().strip());
    }

    @Test
    void anEndlessDeadlineIsFine() {
        Duration forever = java.time.temporal.ChronoUnit.FOREVER.getDuration();
        assertThat(reasoner.reason(request(5).deadline(forever).build()).thinkingIds())
                .hasSize(5);
    }

    @Test
    void badProbesAreRefused() {
        assertThatThrownBy(() -> ProbeSettings.letters(0, "A")).hasMessageContaining("0");
        assertThatThrownBy(() -> ProbeSettings.text(5, 0)).hasMessageContaining("0");
        assertThatThrownBy(() -> ProbeSettings.text(5, 2).stopWhen(ProbeSettings.probability(0.5)))
                .hasMessageContaining("letters");
        assertThatThrownBy(() -> ProbeSettings.probability(1.5)).hasMessageContaining("1.5");
        assertThatThrownBy(() -> reasoner.reason(
                        request(5).probe(ProbeSettings.letters(5, "ABCDEFGH")).build()))
                .isInstanceOf(dev.m1.errors.TokenizerException.class)
                .hasMessageContaining("ABCDEFGH");
        assertThat(reasoner.reason(request(5).build()).thinkingIds()).hasSize(5);
    }
}
