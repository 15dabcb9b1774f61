package dev.m1.thinking;

import static dev.m1.thinking.ScriptedRun.run;
import static dev.m1.thinking.ThinkingBudget.upTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.m1.errors.TokenizerException;
import org.junit.jupiter.api.Test;

/** s1, think tags, no thinking at all, and protocols of a host's own. */
class OtherProtocolsTest {
    private static final ToyVocabulary V = ToyVocabulary.INSTANCE;
    private static final String STOP = "<|im_start|>";

    @Test
    void s1OpensWithoutNewlineAndClosesANaturalEndWithoutOne() {
        ScriptedRun r = run(ThinkingProtocol.S1, upTo(9), "\n", "a", STOP, "b");
        assertThat(r.afterPrompt()).isEqualTo("<|im_start|>think\na<|im_start|>answerb");
    }

    @Test
    void s1CutAddsNewlineAndFinalAnswer() {
        ScriptedRun r = run(ThinkingProtocol.S1, upTo(2), "\n", "a", "b", "c");
        assertThat(r.afterPrompt()).isEqualTo("<|im_start|>think\na\n<|im_start|>answer\nFinal Answer:c");
    }

    @Test
    void s1ForbidsStopsRightAfterWaitAndGivesEachRoundTheFullBudget() {
        ScriptedRun r = run(ThinkingProtocol.S1, upTo(3).withWaits(1), "a", "b", ".", STOP, "a", "b", "c", "a", "b");
        assertThat(r.thinking).hasToString("ab.Waitabc"); // 3 + 3, Wait not counted, no space
        assertThat(r.forbidden.get(0))
                .containsExactlyInAnyOrder(V.id("<|im_start|>"), V.id("<|im_end|>"), V.id("<|endoftext|>"));
        assertThat(r.forbidden.get(1)).isEmpty(); // the closing marker is followed by a free sample
        assertThat(r.controller.ledger().fed()).isEqualTo(r.fed);
    }

    @Test
    void s1AnswerStopsAtImEndOnly() {
        ScriptedRun r = run(ThinkingProtocol.S1, upTo(0), "a", "<|im_start|>", "b", "<|im_end|>");
        assertThat(r.afterPrompt()).endsWith("Final Answer:a<|im_start|>b");
    }

    @Test
    void thinkTagsOpenCloseAndLand() {
        ScriptedRun natural = run(ThinkingProtocol.DEEPSEEK_R1, upTo(9), "a", "</think>", "b");
        assertThat(natural.afterPrompt()).isEqualTo("<think>\na</think>\n\nb");
        ScriptedRun cut = run(ThinkingProtocol.DEEPSEEK_R1, upTo(1), "a", "c", "b");
        assertThat(cut.afterPrompt()).isEqualTo("<think>\na\n</think>\n\nb");
        ScriptedRun landed = run(ThinkingProtocol.QWEN3, upTo(1), "a", "c", "b");
        assertThat(landed.afterPrompt())
                .isEqualTo(
                        "<think>\na\n\nConsidering the limited time by the user, I have to give the solution based on"
                                + " the thinking directly now.\n</think>\n\nb");
    }

    @Test
    void anOpenThinkTagOfTheTemplateIsNotDoubled() {
        int[] prompt = V.encode("<|im_start|>assistant\n<think>\n");
        ThinkingController c = new ThinkingController(
                new ProtocolTokens(ThinkingProtocol.DEEPSEEK_R1, V), upTo(4), 4, prompt, null, new NoEvents());
        assertThat(c.start()).isEqualTo(prompt);
    }

    @Test
    void aSecondThinkingBlockIsAnswerText() {
        ScriptedRun r =
                run(ThinkingProtocol.DEEPSEEK_R1, upTo(1), "a", "</think>", "<think>", "b", "c", "a", "</think>", "b");
        assertThat(r.answer).hasToString("<think>bca</think>b");
        assertThat(r.log).containsExactly("end NATURAL");
    }

    @Test
    void plainHasNoThinking() {
        ScriptedRun r = run(ThinkingProtocol.PLAIN, upTo(50).withWaits(2), "a", "b");
        assertThat(r.end).isEqualTo(ThinkingEnd.NONE);
        assertThat(r.afterPrompt()).isEqualTo("ab");
        assertThat(r.controller.ledger().injected()).isZero();
    }

    @Test
    void aHostsOwnProtocolByTextAndIds() {
        ThinkingProtocol own = ThinkingProtocol.builder("OWN")
                .open(Marker.ids(V.id("think"), V.id(":")))
                .naturalClose(Marker.text("\nanswer:"))
                .cutClose(Marker.ids(V.id("answer"), V.id(".")))
                .thinkingStops("\n\n")
                .build();
        assertThat(run(own, upTo(5), "a", "\n\n", "b").afterPrompt()).isEqualTo("think:a\nanswer:b");
        assertThat(run(own, upTo(1), "a", "b", "c").afterPrompt()).isEqualTo("think:aanswer.c");
    }

    @Test
    void aMarkerTheVocabularyLacksFailsAtConstruction() {
        ThinkingProtocol marker = ThinkingProtocol.M1.toBuilder("X")
                .open(Marker.text("<|begin|>"))
                .build();
        assertThatThrownBy(() -> new ProtocolTokens(marker, V))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("<|begin|>")
                .hasMessageContaining("X");
        ThinkingProtocol stop =
                ThinkingProtocol.M1.toBuilder("Y").thinkingStops("<|nope|>").build();
        assertThatThrownBy(() -> new ProtocolTokens(stop, V))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("<|nope|>");
        ThinkingProtocol ids = ThinkingProtocol.M1.toBuilder("Z")
                .cutClose(Marker.ids(3, 99999))
                .build();
        assertThatThrownBy(() -> new ProtocolTokens(ids, V))
                .isInstanceOf(TokenizerException.class)
                .hasMessageContaining("99999");
        ThinkingProtocol bare = ThinkingProtocol.builder("BARE").build();
        assertThatThrownBy(() -> new ProtocolTokens(bare, V)).isInstanceOf(TokenizerException.class);
    }

    @Test
    void protocolsAreFoundByName() {
        assertThat(ThinkingProtocol.named("m1-exact")).isSameAs(ThinkingProtocol.M1_EXACT);
        assertThat(ThinkingProtocol.named("deepseek_r1")).isSameAs(ThinkingProtocol.DEEPSEEK_R1);
        assertThatThrownBy(() -> ThinkingProtocol.named("m2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("m2")
                .hasMessageContaining("QWEN3");
    }

    private static final class NoEvents implements ThinkingEvents {
        @Override
        public void thinkingToken(int id) {}

        @Override
        public void waitAppended(int round, String text) {}

        @Override
        public void thinkingEnded(ThinkingEnd reason) {}

        @Override
        public void answerToken(int id) {}
    }
}
